#include <string.h>

#include "t.h"
#include "yaml_pass.h"

static size_t pass(const char *z)
{
    return yaml_pass(z, strlen(z));
}

static void counts_events_of_all_documents(void **state)
{
    (void)state;
    assert_int_equal(pass(""), 2);  /* stream begins and ends */
    assert_int_equal(pass("a"), 5); /* and a document with a scalar */
    assert_int_equal(pass("a: [1, 2]\n"), 11);
    assert_int_equal(pass("a\n---\nb\n"), 8);
}

static void ends_at_a_fault(void **state)
{
    (void)state;
    assert_int_equal(pass("a\n---\n]"), 5); /* as far as the second document begins */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_events_of_all_documents),
        cmocka_unit_test(ends_at_a_fault),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
