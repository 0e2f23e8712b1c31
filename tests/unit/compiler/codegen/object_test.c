/* The gate behind emission, on objects made by hand. */
#include "pack_t.h"

#include "cg.h"

/* An ELF64 object: null section, .text, .symtab with a null and a defined symbol. */
struct tiny {
    uint8_t bytes[64 + 3 * 64 + 48];
    size_t len;
};

static void put(uint8_t *p, uint64_t v, unsigned size)
{
    for (unsigned i = 0; i < size; i++)
        p[i] = (uint8_t)(v >> (8 * i));
}

static struct tiny make_tiny(void)
{
    struct tiny t = {.bytes = {0x7f, 'E', 'L', 'F', 2, 1, 1}, .len = sizeof t.bytes};
    uint8_t *text = t.bytes + 128, *symtab = t.bytes + 192;
    put(t.bytes + 40, 64, 8); /* section table */
    put(t.bytes + 58, 64, 2);
    put(t.bytes + 60, 3, 2);
    put(text + 4, 1, 4); /* PROGBITS, ALLOC and EXECINSTR */
    put(text + 8, 6, 8);
    put(text + 32, 1, 8);
    put(symtab + 4, 2, 4);
    put(symtab + 24, 256, 8);
    put(symtab + 32, 48, 8);
    put(t.bytes + 256 + 24 + 6, 1, 2); /* the symbol is in section 1 */
    return t;
}

static const char *verdict(const struct tiny *t)
{
    const char *why = "";
    return object_check(t->bytes, t->len, &why) ? "good" : why;
}

static void a_clean_object_passes(void **state)
{
    (void)state;
    struct tiny t = make_tiny();
    assert_string_equal(verdict(&t), "good");
}

static void an_undefined_symbol_is_refused(void **state)
{
    (void)state;
    struct tiny t = make_tiny();
    put(t.bytes + 256 + 24 + 6, 0, 2);
    assert_string_equal(verdict(&t), "the object has an undefined symbol");
}

static void a_writable_section_is_refused(void **state)
{
    (void)state;
    struct tiny t = make_tiny();
    put(t.bytes + 128 + 8, 3, 8);
    assert_string_equal(verdict(&t), "the object has a writable section");
    put(t.bytes + 128 + 8, 1, 8); /* not loaded: nobody writes it */
    assert_string_equal(verdict(&t), "good");
    put(t.bytes + 128 + 8, 3, 8);
    put(t.bytes + 128 + 32, 0, 8); /* empty */
    assert_string_equal(verdict(&t), "good");
}

static void tables_beyond_the_end_are_refused(void **state)
{
    (void)state;
    struct tiny t = make_tiny();
    put(t.bytes + 40, UINT64_MAX - 8, 8);
    assert_string_equal(verdict(&t), "the object's section table is cut short");
    t = make_tiny();
    put(t.bytes + 60, 5, 2);
    assert_string_equal(verdict(&t), "the object's section table is cut short");
    t = make_tiny();
    put(t.bytes + 60, 0, 2);
    assert_string_equal(verdict(&t), "the object has no sections");
    t = make_tiny();
    put(t.bytes + 192 + 32, 72, 8);
    assert_string_equal(verdict(&t), "the object's symbol table is cut short");
    t = make_tiny();
    put(t.bytes + 192 + 24, UINT64_MAX, 8);
    assert_string_equal(verdict(&t), "the object's symbol table is cut short");
}

/* Cut anywhere, and with any byte changed, the check ends and stays inside. */
static void damaged_objects_are_read_safely(void **state)
{
    (void)state;
    struct tiny good = make_tiny();
    for (size_t len = 0; len <= good.len; len++) {
        uint8_t *copy = malloc(len + 1);
        const char *why;
        memcpy(copy, good.bytes, len);
        object_check(copy, len, &why);
        for (size_t i = 0; i < len; i++) {
            copy[i] ^= 0xff;
            object_check(copy, len, &why);
            copy[i] ^= 0xff;
        }
        free(copy);
    }
}

static void other_formats_pass_unread(void **state)
{
    (void)state;
    const char *why;
    assert_true(object_check((const uint8_t *)"\xcf\xfa\xed\xfe", 4, &why));
    assert_true(object_check((const uint8_t *)"", 0, &why));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        t_test(a_clean_object_passes),           t_test(an_undefined_symbol_is_refused),
        t_test(a_writable_section_is_refused),   t_test(tables_beyond_the_end_are_refused),
        t_test(damaged_objects_are_read_safely), t_test(other_formats_pass_unread),
    };
    return t_run(tests);
}
