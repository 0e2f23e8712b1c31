/* sigmaton verify: is this pack what the key's holder signed? Nothing of it is loaded. */
#include <stdio.h>

#include "commands.h"
#include "key.h"
#include "report.h"

#include <sigmaton/sigmaton.h>

int cmd_verify(const struct args *args)
{
    char key[KEY_TEXT_MAX];
    if (args->inputs.n == 0)
        return usage_error(args, "no packs: name files");
    if (!args->verify_key)
        return usage_error(args, "no key: give --key PUBKEY, minisign's key file or what is in it");
    if (!key_text(args->verify_key, key))
        return usage_error(args, "%s: no public key can be read there", args->verify_key);
    const struct sigmaton_open_options o = {.size = sizeof o, .verify_key = key};
    for (size_t i = 0; i < args->inputs.n; i++) {
        const char *why;
        if (sigmaton_verify(args->inputs.v[i], &o, &why) != SIGMATON_OK)
            return usage_error(args, "%s: %s", args->inputs.v[i], why);
        if (!args->quiet)
            printf("%s: whole, and signed with this key\n", args->inputs.v[i]);
    }
    return EXIT_FINE;
}
