#include <sigmaton/sigmaton.h>

const char *sigmaton_status_text(enum sigmaton_status status)
{
    switch (status) {
    case SIGMATON_OK:
        return "all is well";
    case SIGMATON_BLANK:
        return "the line is blank";
    case SIGMATON_ENOMEM:
        return "there is no memory";
    case SIGMATON_EINVAL:
        return "an argument is missing or makes no sense";
    case SIGMATON_EPACK:
        return "the pack is damaged or is no pack";
    case SIGMATON_EABI:
        return "the pack was made for another version of this library";
    case SIGMATON_EREGEX:
        return "a regex of the pack does not compile";
    case SIGMATON_EEVENT:
        return "the event is unreadable";
    case SIGMATON_ELIMIT:
        return "the event exceeds a limit";
    case SIGMATON_ETARGET:
        return "the pack's code is for another processor or system";
    case SIGMATON_EHASH:
        return "the pack file is not what was written";
    case SIGMATON_EIO:
        return "the pack file cannot be read or loaded here";
    case SIGMATON_ESIGNATURE:
        return "the pack file is not signed by the key that was given";
    case SIGMATON_EBUILD:
        return "this build of the library is without what is asked for";
    }
    return "an unknown status";
}
