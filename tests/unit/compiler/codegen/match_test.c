/* Every operation on every kind of value, as machine code judges it. */
#include "pack_t.h"

#include "cg.h"

#define FLOAT_2_5 UINT64_C(0x4004000000000000)

static const struct sigmaton_slot leaves_abc[2] = {
    {.at.text = (const uint8_t *)"zzz", .len = 3, .kind = SIGMATON_TEXT},
    {.at.text = (const uint8_t *)"Abc", .len = 3, .kind = SIGMATON_TEXT}};
static const struct sigmaton_slot leaves_null[2] = {
    {.at.text = (const uint8_t *)"q", .len = 1, .kind = SIGMATON_TEXT}, {.kind = SIGMATON_NULL}};
static const struct sigmaton_slot leaves_5[2] = {
    {.kind = SIGMATON_NULL},
    {.at.text = (const uint8_t *)"5", .len = 1, .kind = SIGMATON_INT, .number = 5}};

struct named_slot {
    const char *name;
    struct sigmaton_slot slot;
};

static struct named_slot values[] = {
    {"absent", {.kind = SIGMATON_ABSENT}},
    {"null", {.kind = SIGMATON_NULL}},
    {"true", {.kind = SIGMATON_BOOL, .number = 1, .at.text = (const uint8_t *)"true", .len = 4}},
    {"five", {.kind = SIGMATON_INT, .number = 5, .at.text = (const uint8_t *)"5", .len = 1}},
    {"minus",
     {.kind = SIGMATON_INT, .number = (uint64_t)-7, .at.text = (const uint8_t *)"-7", .len = 2}},
    {"huge",
     {.kind = SIGMATON_UINT,
      .number = UINT64_MAX,
      .at.text = (const uint8_t *)"18446744073709551615",
      .len = 20}},
    {"half",
     {.kind = SIGMATON_DOUBLE, .number = FLOAT_2_5, .at.text = (const uint8_t *)"2.5", .len = 3}},
    {"empty", {.kind = SIGMATON_TEXT, .at.text = (const uint8_t *)"", .len = 0}},
    {"abc", {.kind = SIGMATON_TEXT, .at.text = (const uint8_t *)"abc", .len = 3}},
    {"ABC", {.kind = SIGMATON_TEXT, .at.text = (const uint8_t *)"ABC", .len = 3}},
    {"long", {.kind = SIGMATON_TEXT, .at.text = (const uint8_t *)"xAbcdefghijK", .len = 12}},
    {"E-acute", {.kind = SIGMATON_TEXT, .at.text = (const uint8_t *)"\xc3\x89", .len = 2}},
    {"address", {.kind = SIGMATON_TEXT, .at.text = (const uint8_t *)"10.0.0.7", .len = 8}},
    {"time",
     {.kind = SIGMATON_TEXT, .at.text = (const uint8_t *)"2024-05-06T07:08:09Z", .len = 20}},
    {"text5", {.kind = SIGMATON_TEXT, .at.text = (const uint8_t *)"5", .len = 1}},
    {"textTRUE", {.kind = SIGMATON_TEXT, .at.text = (const uint8_t *)"TRUE", .len = 4}},
    {"[zzz,Abc]", {.kind = SIGMATON_LIST, .at.leaves = leaves_abc, .len = 2}},
    {"[q,null]", {.kind = SIGMATON_LIST, .at.leaves = leaves_null, .len = 2}},
    {"[null,5]", {.kind = SIGMATON_LIST, .at.leaves = leaves_5, .len = 2}},
    {"[]", {.kind = SIGMATON_EMPTY}},
    {"{}", {.kind = SIGMATON_OBJECT}},
};
#define N_VALUES (sizeof values / sizeof values[0])

struct row {
    const char *predicate, *holds_for;
};

static const struct row rows[] = {
    {"exists \"A\"",
     "null true five minus huge half empty abc ABC long E-acute address time text5 textTRUE "
     "[zzz,Abc] [q,null] [null,5] [] {}"},
    {"null \"A\"", "absent null [q,null] [null,5]"},
    {"any \"A\"",
     "true five minus huge half empty abc ABC long E-acute address time text5 textTRUE "
     "[zzz,Abc] [q,null] [null,5]"},
    {"bool \"A\" true", "true textTRUE"},
    {"bool \"A\" false", ""},
    {"number \"A\" eq 5", "five text5 [null,5]"},
    {"number \"A\" lt 5", "minus half"},
    {"number \"A\" lte 5", "five minus half text5 [null,5]"},
    {"number \"A\" gt 5", "huge"},
    {"number \"A\" gte 5", "five huge text5 [null,5]"},
    {"number \"A\" gt -8", "five minus huge half text5 [null,5]"},
    {"number \"A\" eq 18446744073709551615", "huge"},
    {"number \"A\" lt 18446744073709551615", "five minus half text5 [null,5]"},
    {"number \"A\" eq 0x1.4p1", "half"},
    {"time \"A\" hour eq 7", "time"},
    {"time \"A\" year gte 2024", "huge time"},
    {"time \"A\" minute lt 8", "five half text5 [null,5]"},
    {"eq \"A\" \"\"", "empty"},
    {"prefix \"A\" \"\"", "true five minus huge half empty abc ABC long E-acute address time text5 "
                          "textTRUE [zzz,Abc] [q,null] [null,5]"},
    {"suffix \"A\" \"\"", "true five minus huge half empty abc ABC long E-acute address time text5 "
                          "textTRUE [zzz,Abc] [q,null] [null,5]"},
    {"eq \"A\" \"abc\"", "abc ABC [zzz,Abc]"},
    {"eq cased \"A\" \"abc\"", "abc"},
    {"eq cased \"A\" \"Abc\"", "[zzz,Abc]"},
    {"eq \"A\" \"5\"", "five text5 [null,5]"},
    {"eq \"A\" \"true\"", "true textTRUE"},
    {"eq \"A\" \"xabcdefghijk\"", "long"},
    {"eq \"A\" \"xabcdefghijl\"", ""},
    {"eq \"A\" \"xabcdefghij\"", ""},
    {"eq \"A\" \"yabcdefghijk\"", ""},
    {"eq \"A\" \"\xc3\xa9\"", "E-acute"},
    {"eq cased \"A\" \"\xc3\xa9\"", ""},
    {"eq cased \"A\" \"\xc3\x89\"", "E-acute"},
    {"eq \"A\" \"2.5\"", "half"},
    {"prefix \"A\" \"a\"", "abc ABC [zzz,Abc]"},
    {"prefix \"A\" \"ab\"", "abc ABC [zzz,Abc]"},
    {"prefix cased \"A\" \"AB\"", "ABC"},
    {"prefix \"A\" \"xabcdefgh\"", "long"},
    {"prefix \"A\" \"1\"", "huge address"},
    {"prefix \"A\" \"10.0.\"", "address"},
    {"suffix \"A\" \"c\"", "abc ABC [zzz,Abc]"},
    {"suffix \"A\" \"bc\"", "abc ABC [zzz,Abc]"},
    {"suffix \"A\" \"zabc\"", ""},
    {"suffix \"A\" \"defghijk\"", "long"},
    {"suffix \"A\" \"bcdefghijk\"", "long"},
    {"suffix cased \"A\" \"ijK\"", "long"},
    {"suffix cased \"A\" \"ijk\"", ""},
    {"contains \"A\" \"bc\"", "abc ABC long [zzz,Abc]"},
    {"contains \"A\" \"\"", "true five minus huge half empty abc ABC long E-acute address time "
                            "text5 textTRUE [zzz,Abc] [q,null] [null,5]"},
    {"contains cased \"A\" \"bc\"", "abc long [zzz,Abc]"},
    {"contains \"A\" \"\xc3\xa9\"", "E-acute"},
    {"wildcard \"A\" \"a\\?c\"", "abc ABC [zzz,Abc]"},
    {"wildcard \"A\" \"x\\*k\"", "long"},
    {"wildcard \"A\" \"\\?\"", "five E-acute text5 [q,null] [null,5]"},
    {"wildcard \"A\" \"2024\\-05\\*\"", "time"},
    {"wildcard \"A\" \"\\*\xc3\xa9\"", "E-acute"},
    {"cidr \"A\" 10.0.0.0/8", "address"},
    {"cidr \"A\" 10.0.0.8/32", ""},
    {"cidr \"A\" ::/0", ""},
    {"fieldref \"A\" whole \"B\"", "abc ABC [zzz,Abc]"},
    {"fieldref cased \"A\" whole \"B\"", "ABC"},
    {"fieldref \"A\" inside \"B\"", "abc ABC long [zzz,Abc]"},
    {"eq_set \"A\" \"abc\" \"q\"", "abc ABC [zzz,Abc] [q,null]"},
    {"eq_set cased \"A\" \"abc\" \"q\"", "abc [q,null]"},
    {"prefix_set \"A\" \"10.\" \"xa\"", "long address"},
    {"suffix_set \"A\" \"jk\" \"\xc3\xa9\"", "long E-acute"},
    {"contains_set \"A\" \"bcd\" \"zz\"", "long [zzz,Abc]"},
};
#define N_ROWS (sizeof rows / sizeof rows[0])

static char *all_rows(struct arena *a)
{
    struct text t;
    text_init(&t, a);
    for (size_t i = 0; i < N_ROWS; i++)
        text_addf(&t, "%%%zu = %s\n", i, rows[i].predicate);
    for (size_t i = 0; i < N_ROWS; i++)
        text_addf(&t, "rule \"%zu\" = %%%zu\n", i, i);
    text_add(&t, (struct str){"", 1});
    return t.p;
}

static bool named(const char *list, const char *name)
{
    size_t len = strlen(name);
    for (const char *p = list; (p = strstr(p, name)); p += len)
        if ((p == list || p[-1] == ' ') && (p[len] == '\0' || p[len] == ' '))
            return true;
    return false;
}

static void every_operation_holds_for_what_it_should(void **state)
{
    struct t_pack *p = t_pack(t_arena(state), all_rows(t_arena(state)));
    *t_slot(p, "B") = T_TEXT("ABC");
    int wrong = 0;
    for (size_t v = 0; v < N_VALUES; v++) {
        *t_slot(p, "A") = values[v].slot;
        t_eval(p);
        for (uint32_t r = 0; r < N_ROWS; r++) {
            bool want = named(rows[r].holds_for, values[v].name);
            if (t_hit(p, r) == want)
                continue;
            print_error("%s on %s: want %d\n", rows[r].predicate, values[v].name, want);
            wrong++;
        }
    }
    t_pack_end(p);
    assert_int_equal(wrong, 0);
}

/* Texts of every length from one byte to far beyond what is compared in full here, right and with
 * one byte wrong at each place. */
static void compares_of_every_length_look_at_every_byte(void **state)
{
    enum { LONGEST = 3 * CG_INLINE_TEXT_MAX };
    char text[LONGEST + 1], event[LONGEST + 9];
    struct text t;
    text_init(&t, t_arena(state));
    for (int i = 0; i < LONGEST; i++)
        text[i] = (char)('a' + i % 26);
    for (int n = 1; n <= LONGEST; n++)
        text_addf(&t,
                  "%%%d = eq \"A\" \"%.*s\"\n%%%d = prefix \"A\" \"%.*s\"\n%%%d = suffix \"A\" "
                  "\"%.*s\"\n",
                  3 * n, n, text, 3 * n + 1, n, text, 3 * n + 2, n, text);
    for (int n = 1; n <= LONGEST; n++)
        for (int k = 0; k < 3; k++)
            text_addf(&t, "rule \"r\" = %%%d\n", 3 * n + k);
    text_add(&t, (struct str){"", 1});
    struct t_pack *p = t_pack(t_arena(state), t.p);
    for (int n = 1; n <= LONGEST; n++) {
        for (int wrong = -1; wrong < n; wrong++) {
            memset(event, '#', sizeof event);
            for (int i = 0; i < n; i++)
                event[4 + i] = (char)(text[i] - 32 * (i % 2));
            if (wrong >= 0)
                event[4 + wrong] ^= 0x40;
            struct sigmaton_slot whole = T_TEXT(""), head = whole, tail = whole;
            whole.at.text = (const uint8_t *)event + 4;
            whole.len = (uint32_t)n;
            head.at.text = (const uint8_t *)event + 4;
            head.len = (uint32_t)n + 4;
            tail.at.text = (const uint8_t *)event;
            tail.len = (uint32_t)n + 4;
            uint32_t rule = 3 * (uint32_t)(n - 1);
            bool want = wrong < 0;
            *t_slot(p, "A") = whole;
            t_eval(p);
            assert_true(t_hit(p, rule) == want && t_hit(p, rule + 1) == want &&
                        t_hit(p, rule + 2) == want);
            *t_slot(p, "A") = head;
            t_eval(p);
            assert_true(!t_hit(p, rule) && t_hit(p, rule + 1) == want && !t_hit(p, rule + 2));
            *t_slot(p, "A") = tail;
            t_eval(p);
            assert_true(!t_hit(p, rule) && !t_hit(p, rule + 1) && t_hit(p, rule + 2) == want);
        }
    }
    t_pack_end(p);
}

/* Bytes that differ from a letter's by 0x20 alone, and are none. */
static void ignoring_case_ignores_it_in_letters_alone(void **state)
{
    struct t_pack *p = t_pack(t_arena(state), "%0 = eq \"A\" \"[@{`k^~_s\"\n"
                                              "%1 = eq \"A\" \"k\"\n"
                                              "rule \"0\" = %0\nrule \"1\" = %1\n");
    *t_slot(p, "A") = T_TEXT("[@{`K^~_S");
    t_eval(p);
    assert_true(t_hit(p, 0));
    *t_slot(p, "A") = T_TEXT("{`{`k^~_s");
    t_eval(p);
    assert_false(t_hit(p, 0));
    *t_slot(p, "A") = T_TEXT("\x0b");
    t_eval(p);
    assert_false(t_hit(p, 1));
    *t_slot(p, "A") = T_TEXT("\xe2\x84\xaa"); /* KELVIN SIGN */
    t_eval(p);
    assert_false(t_hit(p, 1));
    t_pack_end(p);
}

static void keywords_are_asked_of_all_leaves(void **state)
{
    struct t_pack *p = t_pack(t_arena(state), "%0 = contains \"\" \"bc\"\nrule \"0\" = %0\n");
    *t_slot(p, "") = T_LIST(leaves_abc);
    t_eval(p);
    assert_true(t_hit(p, 0));
    *t_slot(p, "") = T_LIST(leaves_null);
    t_eval(p);
    assert_false(t_hit(p, 0));
    t_pack_end(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        t_test(every_operation_holds_for_what_it_should),
        t_test(compares_of_every_length_look_at_every_byte),
        t_test(ignoring_case_ignores_it_in_letters_alone),
        t_test(keywords_are_asked_of_all_leaves),
    };
    return t_run(tests);
}
