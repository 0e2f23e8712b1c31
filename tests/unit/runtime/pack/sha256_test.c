/* SHA-256: the vectors of FIPS 180-4's examples and of NIST's SHAVS, and both ways of computing it
 * against each other at every length round the block. */
#include "sha256.h"

#include <stdio.h>
#include <stdlib.h>

#include "t.h"

static const char *hex_of(const uint8_t hash[32])
{
    static char text[65];
    for (int i = 0; i < 32; i++)
        snprintf(text + 2 * i, 3, "%02x", hash[i]);
    return text;
}

static void known_texts_have_their_hashes(void **state)
{
    static const struct {
        const char *text, *hash;
    } vectors[] = {
        {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
        {"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqr"
         "lmnopqrsmnopqrstnopqrstu",
         "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"},
        {"\xd3", "28969cdfa74a12c82f3bad960b0b000aca2ac329deea5c2328ebc6f2ba9802c1"},
        {"\x11\xaf", "5ca7133fa735326081558ac312c620eeca9970d1e70a4b95533d956f072d1f98"},
    };
    uint8_t hash[32];
    (void)state;
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
        sigmaton_sha256(vectors[i].text, strlen(vectors[i].text), hash);
        assert_string_equal(hex_of(hash), vectors[i].hash);
        srt_sha256(vectors[i].text, strlen(vectors[i].text), hash);
        assert_string_equal(hex_of(hash), vectors[i].hash);
    }
}

static void a_million_letters_have_their_hash(void **state)
{
    size_t len = 1000000;
    char *letters = malloc(len);
    uint8_t hash[32];
    (void)state;
    memset(letters, 'a', len);
    srt_sha256(letters, len, hash);
    assert_string_equal(hex_of(hash),
                        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    sigmaton_sha256(letters, len, hash);
    assert_string_equal(hex_of(hash),
                        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    free(letters);
}

static void the_processors_way_and_ours_agree_at_every_length(void **state)
{
    uint8_t bytes[400], ours[32], theirs[32];
    (void)state;
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(i * 167 + i / 7);
    for (size_t len = 0; len <= sizeof bytes; len++) {
        sigmaton_sha256(bytes, len, ours);
        srt_sha256(bytes, len, theirs);
        assert_memory_equal(ours, theirs, 32);
        sigmaton_hash_halves(bytes, len, ours);
        srt_hash_halves(bytes, len, theirs);
        assert_memory_equal(ours, theirs, 32);
    }
}

/* By Python's hashlib: sha256(sha256(a).digest() + sha256(b).digest()). */
static void halves_are_whole_blocks(void **state)
{
    static const struct {
        size_t len;
        const char *hash;
    } vectors[] = {
        {0, "2dba5dbc339e7316aea2683faf839c1b7b1ee2313db792112588118df066aa35"},
        {127, "2d68ad53eb83808460abb4522270caa6ba9da3c3413e479b9acbf4d937c2715c"},
        {128, "72f10d9fe291a1f9cb70d72aeef4ca4e8ad065796d79680f23a83820051230f2"},
        {200, "64e135e201f6287bd955c3176325c954af7a298df512acf926987e6621314679"},
        {400, "63213815f3c020f14be71f08690eab94a7d77e581887d1ca28fdf2e4f4d6170e"},
    };
    uint8_t bytes[400], hash[32];
    (void)state;
    memset(bytes, 'a', sizeof bytes);
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
        srt_hash_halves(bytes, vectors[i].len, hash);
        assert_string_equal(hex_of(hash), vectors[i].hash);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_texts_have_their_hashes),
        cmocka_unit_test(a_million_letters_have_their_hash),
        cmocka_unit_test(the_processors_way_and_ours_agree_at_every_length),
        cmocka_unit_test(halves_are_whole_blocks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
