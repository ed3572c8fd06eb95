/*
 * socket-activate TABLE: holds Unix sockets, and starts the program that belongs to one when somebody connects to it. Nobody
 * pays for a service that nobody uses. The program finds the listening socket as file descriptor 3, by the protocol of
 * sd_listen_fds(3): LISTEN_PID, LISTEN_FDS=1, LISTEN_FDNAMES. It accepts, leaves when it has nothing to do, and is started
 * again for the next connection: a connection made in between waits in the socket.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { SOCKETS = 32, WORDS = 32, BACKLOG = 128, AT_ONCE = 2 };

struct service {
	char *path;
	char *command[WORDS + 1];
	int listening;
	pid_t pid;
	time_t started;
};

static struct service services[SOCKETS];
static int count;

static const char usage[] =
	"Usage: socket-activate TABLE\n"
	"\n"
	"Hold the Unix sockets of TABLE; start the command of one when somebody connects, with the socket as file descriptor 3.\n"
	"A line of TABLE: PATH MODE UID:GID COMMAND [ARGUMENT...], such as\n"
	"\n"
	"  /run/podman/podman.sock 600 0:0 podman system service --time 30\n";

static void fail(const char *format, ...)
{
	va_list list;

	fputs("socket-activate: ", stderr);
	va_start(list, format);
	vfprintf(stderr, format, list);
	va_end(list);
	fputc('\n', stderr);
	exit(1);
}

static time_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec;
}

/*
 * As its owner: a folder of that user's may hold the path, and root would follow whatever he puts there in the meantime. The
 * mode that the socket has before it gets a name is the name's.
 */
static int hold(const char *path, mode_t mode, uid_t uid, gid_t gid)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd;

	if (strlen(path) >= sizeof address.sun_path)
		fail("%s: longer than the name of a socket may be: %zu bytes", path, sizeof address.sun_path - 1);
	strcpy(address.sun_path, path);
	setfsgid(gid);
	setfsuid(uid);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || fchmod(fd, mode) || (unlink(path) && errno != ENOENT) ||
	    bind(fd, (struct sockaddr *)&address, sizeof address) || listen(fd, BACKLOG))
		fail("%s: %s", path, strerror(errno));
	setfsuid(0);
	setfsgid(0);
	return fd;
}

static void read_line(char *line, const char *where, int number)
{
	struct service *service = &services[count];
	char *words[WORDS + 4] = { 0 }, *rest = line, *end, *word;
	unsigned long mode, uid, gid;
	int given = 0;

	while ((word = strtok_r(rest, " \t\n", &rest)) && given < WORDS + 3)
		words[given++] = word;
	if (!given || words[0][0] == '#')
		return;
	if (given < 4 || words[0][0] != '/')
		goto wrong;
	mode = strtoul(words[1], &end, 8);
	if (*end || mode > 0777)
		goto wrong;
	uid = strtoul(words[2], &end, 10);
	if (*end != ':' || end == words[2])
		goto wrong;
	gid = strtoul(end + 1, &end, 10);
	if (*end)
		goto wrong;
	if (count == SOCKETS)
		fail("%s:%d: more than %d sockets", where, number, SOCKETS);
	service->path = strdup(words[0]);
	for (int i = 3; i < given; i++)
		service->command[i - 3] = strdup(words[i]);
	service->listening = hold(service->path, mode, uid, gid);
	count++;
	return;
wrong:
	fail("%s:%d: expected PATH MODE UID:GID COMMAND [ARGUMENT...], such as\n"
	     "  /run/podman/podman.sock 600 0:0 podman system service --time 30", where, number);
}

static void read_table(const char *file)
{
	FILE *table = fopen(file, "re");
	char *line = NULL;
	size_t size = 0;

	if (!table)
		fail("%s: %s", file, strerror(errno));
	umask(0);
	for (int number = 1; getline(&line, &size, table) >= 0; number++)
		read_line(line, file, number);
	umask(022);
	free(line);
	fclose(table);
	if (!count)
		fail("%s: no socket is named", file);
}

static void become(const struct service *service, const sigset_t *signals)
{
	char pid[16];
	int fd = service->listening;

	/* dup2 of 3 to itself would leave it closed at exec. */
	if (fd == 3)
		fcntl(3, F_SETFD, 0);
	else
		dup2(fd, 3);
	snprintf(pid, sizeof pid, "%d", getpid());
	setenv("LISTEN_PID", pid, 1);
	setenv("LISTEN_FDS", "1", 1);
	setenv("LISTEN_FDNAMES", strrchr(service->path, '/') + 1, 1);
	sigprocmask(SIG_UNBLOCK, signals, NULL);
	execvp(service->command[0], service->command);
	fprintf(stderr, "%s: %s: %s\n", service->path, service->command[0], strerror(errno));
	_exit(127);
}

static void begin(struct service *service, const sigset_t *signals)
{
	service->started = now();
	service->pid = fork();
	if (!service->pid)
		become(service, signals);
	if (service->pid < 0) {
		fprintf(stderr, "%s: %s\n", service->path, strerror(errno));
		service->pid = 0;
		sleep(1);
	}
}

/*
 * One that left at once has not answered, and would not the next time either: whoever waits is told so by a connection that
 * ends, instead of waiting for ever while the program is started again and again.
 */
static void ended(struct service *service, int status)
{
	int fd;

	service->pid = 0;
	if (WIFSIGNALED(status))
		fprintf(stderr, "%s: %s ended by signal %d\n", service->path, service->command[0], WTERMSIG(status));
	else if (WEXITSTATUS(status))
		fprintf(stderr, "%s: %s ended with exit code %d\n", service->path, service->command[0], WEXITSTATUS(status));
	if (now() - service->started >= AT_ONCE)
		return;
	fcntl(service->listening, F_SETFL, O_NONBLOCK);
	while ((fd = accept4(service->listening, NULL, NULL, SOCK_CLOEXEC)) >= 0)
		close(fd);
	fcntl(service->listening, F_SETFL, 0);
}

static void reap(void)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		for (int i = 0; i < count; i++)
			if (services[i].pid == pid)
				ended(&services[i], status);
}

/* The programs end first: what they started may still need them for a moment. */
static void stop(void)
{
	for (int i = 0; i < count; i++)
		if (services[i].pid)
			kill(services[i].pid, SIGTERM);
	while (waitpid(-1, NULL, 0) > 0)
		;
	exit(0);
}

int main(int argc, char **argv)
{
	struct pollfd waiting[SOCKETS + 1];
	struct signalfd_siginfo signal;
	sigset_t signals;

	if (argc != 2 || argv[1][0] == '-') {
		int asked = argc == 2 && (!strcmp(argv[1], "-h") || !strcmp(argv[1], "--help"));

		fputs(usage, asked ? stdout : stderr);
		return !asked;
	}
	sigemptyset(&signals);
	sigaddset(&signals, SIGCHLD);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	read_table(argv[1]);
	waiting[count].fd = signalfd(-1, &signals, SFD_CLOEXEC);
	waiting[count].events = POLLIN;

	for (;;) {
		/* A negative descriptor is passed over: whose program runs accepts for itself. */
		for (int i = 0; i < count; i++) {
			waiting[i].fd = services[i].pid ? -1 : services[i].listening;
			waiting[i].events = POLLIN;
			waiting[i].revents = 0;
		}
		if (poll(waiting, count + 1, -1) < 0)
			continue;
		if (waiting[count].revents && read(waiting[count].fd, &signal, sizeof signal) == sizeof signal) {
			if (signal.ssi_signo != SIGCHLD)
				stop();
			reap();
		}
		for (int i = 0; i < count; i++)
			if (waiting[i].revents && !services[i].pid)
				begin(&services[i], &signals);
	}
}
