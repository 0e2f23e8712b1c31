/* What pack files are where no memory becomes code (WASI): refused. Packs that are linked in are
 * adopted as everywhere. */
#include <sigmaton/sigmaton.h>

static enum sigmaton_status none(const char **ret_why)
{
    if (ret_why != NULL)
        *ret_why = "this system maps no code: link the pack into the program";
    return SIGMATON_EBUILD;
}

enum sigmaton_status sigmaton_open(const char *path, const struct sigmaton_open_options *options,
                                   struct sigmaton_file **ret_file, const char **ret_why)
{
    (void)path, (void)options, (void)ret_file;
    return none(ret_why);
}

enum sigmaton_status sigmaton_open_fd(int fd, const struct sigmaton_open_options *options,
                                      struct sigmaton_file **ret_file, const char **ret_why)
{
    (void)fd, (void)options, (void)ret_file;
    return none(ret_why);
}

enum sigmaton_status sigmaton_verify(const char *path, const struct sigmaton_open_options *options,
                                     const char **ret_why)
{
    (void)path, (void)options;
    return none(ret_why);
}

const struct sigmaton_pack *sigmaton_file_pack(const struct sigmaton_file *file)
{
    (void)file;
    return NULL;
}

void sigmaton_close(struct sigmaton_file *file)
{
    (void)file;
}
