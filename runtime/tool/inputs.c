#include "inputs.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static atomic_bool stopped;
static int stop_pipe[2] = {-1, -1};

/* A full pipe is as readable as one with one byte more. */
static void on_stop(int signal_number)
{
    (void)signal_number;
    int why = errno;
    atomic_store(&stopped, true);
    ssize_t n = write(stop_pipe[1], "", 1);
    (void)n;
    errno = why;
}

/* Without SA_RESTART, so that a read waiting for more input ends. */
void inputs_catch_signals(struct stream *s)
{
    if (stop_pipe[0] < 0 && pipe2(stop_pipe, O_CLOEXEC | O_NONBLOCK) != 0)
        stop_pipe[0] = stop_pipe[1] = -1;
    struct sigaction stop = {.sa_handler = on_stop}, ignore = {.sa_handler = SIG_IGN};
    sigaction(SIGINT, &stop, NULL);
    sigaction(SIGTERM, &stop, NULL);
    sigaction(SIGPIPE, &ignore, NULL);
    s->stopped = &stopped;
    s->stop_fd = stop_pipe[0];
}

static bool input(struct stream *s, const char *file)
{
    bool from_stdin = strcmp(file, "-") == 0;
    int fd = from_stdin ? STDIN_FILENO : open(file, O_RDONLY | O_CLOEXEC);
    bool read = fd >= 0 && stream_fd(s, file, fd);
    if (!read) {
        const char *const args[TELL_ARGUMENTS_MAX] = {file, strerror(errno)};
        s->teller->place(s->teller->ctx, TELL_FILE_UNREADABLE, file, 0, 0, args);
    }
    if (fd >= 0 && !from_stdin)
        close(fd);
    srt_buffer_flush(s->out);
    return read;
}

size_t inputs_judge(struct stream *s, const char *const *files, size_t n)
{
    size_t failed = 0;
    if (n == 0)
        failed += !input(s, "-");
    for (size_t i = 0; i < n && !stopped && s->out->error == 0; i++)
        failed += !input(s, files[i]);
    return failed;
}

int inputs_exit_code(const struct stream *s, size_t n_files, size_t n_failed, bool fail_on_match,
                     bool left_out)
{
    char text[256];
    if (s->out->error != 0 && s->out->error != EPIPE) {
        snprintf(text, sizeof text, "cannot write alerts: %s", strerror(s->out->error));
        return s->teller->fail(s->teller->ctx, text);
    }
    if (n_failed == (n_files > 0 ? n_files : 1))
        return EXIT_USAGE;
    if (fail_on_match && s->n_alerts > 0)
        return EXIT_MATCHED;
    left_out |= s->n_unreadable > 0 || n_failed > 0 || s->n_unjudged > 0;
    return left_out ? EXIT_LEFT_OUT : EXIT_FINE;
}
