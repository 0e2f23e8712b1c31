#include "password.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static const char no_terminal[] =
    "it has a password, and there is no terminal to ask for it: give --password-file";
static const char no_file[] = "its password file cannot be read";

/* Up to the end of a line or of the file. */
static bool line_read(int fd, char out[PASSWORD_MAX], size_t *ret_len)
{
    size_t len = 0;
    ssize_t n = 0;
    while (len < PASSWORD_MAX && !memchr(out, '\n', len) &&
           (n = read(fd, out + len, PASSWORD_MAX - len)) > 0)
        len += (size_t)n;
    const char *feed = memchr(out, '\n', len);
    if (n < 0 || (!feed && len == PASSWORD_MAX))
        return false;
    len = feed ? (size_t)(feed - out) : len;
    if (len > 0 && out[len - 1] == '\r')
        len--;
    *ret_len = len;
    return true;
}

/* Neither echo nor signals, so that none can end the process between and leave the terminal mute:
 * the key that would interrupt is a byte of the line, and gives up. */
static bool type(int tty, const char *what, char out[PASSWORD_MAX], size_t *ret_len)
{
    struct termios before, mute;
    if (tcgetattr(tty, &before) != 0)
        return false;
    mute = before;
    mute.c_lflag &= ~(tcflag_t)(ECHO | ISIG);
    mute.c_lflag |= ICANON;
    if (tcsetattr(tty, TCSAFLUSH, &mute) != 0)
        return false;
    dprintf(tty, "Password of %s: ", what);
    bool ok = line_read(tty, out, ret_len) && !memchr(out, before.c_cc[VINTR], *ret_len);
    tcsetattr(tty, TCSAFLUSH, &before);
    dprintf(tty, "\n");
    return ok;
}

bool password_read(const char *path, const char *what, char out[PASSWORD_MAX], size_t *ret_len,
                   const char **ret_why)
{
    int fd = open(path ? path : "/dev/tty", (path ? O_RDONLY : O_RDWR) | O_CLOEXEC | O_NOCTTY);
    *ret_why = path ? no_file : no_terminal;
    if (fd < 0)
        return false;
    bool ok;
    if (path) {
        ok = line_read(fd, out, ret_len);
    } else {
        ok = type(fd, what, out, ret_len);
        *ret_why = "no password was typed";
    }
    close(fd);
    return ok;
}

bool password_is_there(const char *path, const char **ret_why)
{
    *ret_why = path ? no_file : no_terminal;
    if (path)
        return access(path, R_OK) == 0;
    int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    return fd >= 0 && close(fd) == 0;
}
