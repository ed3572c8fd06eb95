/*
 * pinns: makes the namespaces of a pod and has them outlive this process, each bound to a file: DIR/netns/NAME and so on.
 * CRI-O calls a program of this name, with these options, before it starts a pod's first container. A small program, since
 * a process has to be in new namespaces to set what is set in them, and the many threads of CRI-O cannot all be.
 */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PATH = 4096, SYSCTLS = 256 };

static const char usage[] =
	"Usage: pinns -d DIR -f NAME [--ipc] [--net] [--user] [--uts] [-s KEY=VALUE]...\n"
	"\n"
	"Makes namespaces of these kinds, and binds them to DIR/ipcns/NAME, DIR/netns/NAME and so on.\n"
	"\n"
	"  --KIND=host          bind the one of the caller, in place of a new one\n"
	"  -s KEY=VALUE         set what sysctl(8) sets, in the new ones\n"
	"  --uid-mapping LIST   with --user: INSIDE-OUTSIDE-COUNT, each ended by @\n"
	"  --gid-mapping LIST   the same for groups\n";

static struct {
	const char *name;
	int flag;
	int wanted, of_host, bound;
	char path[PATH];
} kinds[] = {
	/* A user namespace owns those that are made after it. */
	{ .name = "user", .flag = CLONE_NEWUSER },
	{ .name = "ipc", .flag = CLONE_NEWIPC },
	{ .name = "net", .flag = CLONE_NEWNET },
	{ .name = "uts", .flag = CLONE_NEWUTS },
};

enum { KINDS = sizeof kinds / sizeof *kinds, UIDS = 256, GIDS, HELP };

static char *sysctls[SYSCTLS];
static int sysctl_count;

static void write_file(const char *path, const char *text)
{
	int file = open(path, O_WRONLY | O_CLOEXEC);
	if (file < 0)
		err(1, "%s", path);
	if (write(file, text, strlen(text)) < 0)
		err(1, "%s: cannot write \"%s\"", path, text);
	close(file);
}

/* A key may be written with points or with slashes; the first of them tells which one parts its words. */
static void set_sysctl(char *setting)
{
	char path[PATH];
	char *value = strchr(setting, '=');
	*value++ = '\0';
	int by_points = setting[strcspn(setting, "./")] == '.';
	snprintf(path, sizeof path, "/proc/sys/%s", setting);
	for (char *c = path + strlen("/proc/sys/"); by_points && *c; c++)
		*c = *c == '.' ? '/' : *c == '/' ? '.' : *c;
	write_file(path, value);
}

/* The caller's list becomes the kernel's: a line each, its numbers parted by spaces. */
static void map_ids(pid_t child, const char *file, const char *list)
{
	char path[PATH], text[PATH];
	snprintf(path, sizeof path, "/proc/%d/%s", child, file);
	snprintf(text, sizeof text, "%s", list);
	for (char *c = text; *c; c++)
		*c = *c == '-' ? ' ' : *c == '@' ? '\n' : *c;
	write_file(path, text);
}

static void signal_other(int pipe)
{
	if (write(pipe, "", 1) != 1)
		err(1, "pipe");
}

/* Whether the other process has got that far; when it has ended, it has said why. */
static int wait_for_other(int pipe)
{
	char byte;
	return read(pipe, &byte, 1) == 1;
}

static void live_in_namespaces(int in, int out)
{
	int flags = 0;
	for (int i = 0; i < KINDS; i++)
		if (kinds[i].wanted && !kinds[i].of_host)
			flags |= kinds[i].flag;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (flags & CLONE_NEWUSER) {
		if (unshare(CLONE_NEWUSER))
			err(1, "a user namespace");
		signal_other(out);
		if (!wait_for_other(in))
			exit(1);
		if (setgroups(0, NULL) || setresgid(0, 0, 0) || setresuid(0, 0, 0))
			err(1, "to be root in the user namespace");
	}
	if (unshare(flags & ~CLONE_NEWUSER))
		err(1, "namespaces");
	for (int i = 0; i < sysctl_count; i++)
		set_sysctl(sysctls[i]);
	signal_other(out);
	wait_for_other(in);
	exit(0);
}

static void undo(void)
{
	for (int i = 0; i < KINDS; i++)
		if (kinds[i].bound)
			umount2(kinds[i].path, MNT_DETACH);
}

static void bind_kind(int i, pid_t child)
{
	char from[PATH];
	int file = open(kinds[i].path, O_RDONLY | O_CREAT | O_CLOEXEC, 0644);
	if (file < 0) {
		warn("%s", kinds[i].path);
		undo();
		exit(1);
	}
	close(file);
	snprintf(from, sizeof from, "/proc/%d/ns/%s", kinds[i].of_host ? getpid() : child, kinds[i].name);
	if (mount(from, kinds[i].path, NULL, MS_BIND, NULL)) {
		warn("%s: cannot bind %s to it", kinds[i].path, from);
		undo();
		exit(1);
	}
	kinds[i].bound = 1;
}

int main(int argc, char **argv)
{
	static struct option options[] = {
		{ "user", optional_argument, NULL, 0 }, { "ipc", optional_argument, NULL, 1 },
		{ "net", optional_argument, NULL, 2 }, { "uts", optional_argument, NULL, 3 },
		{ "dir", required_argument, NULL, 'd' }, { "filename", required_argument, NULL, 'f' },
		{ "sysctl", required_argument, NULL, 's' },
		{ "uid-mapping", required_argument, NULL, UIDS }, { "gid-mapping", required_argument, NULL, GIDS },
		{ "help", no_argument, NULL, HELP }, { 0 },
	};
	const char *dir = NULL, *name = NULL, *uids = NULL, *gids = NULL;
	int option, any = 0;
	while ((option = getopt_long(argc, argv, "d:f:s:", options, NULL)) != -1) {
		switch (option) {
		case 0 ... KINDS - 1:
			if (optarg && strcmp(optarg, "host"))
				errx(1, "--%s=%s: expected --%s or --%s=host", kinds[option].name, optarg, kinds[option].name, kinds[option].name);
			kinds[option].wanted = any = 1;
			kinds[option].of_host = optarg != NULL;
			break;
		case 'd': dir = optarg; break;
		case 'f': name = optarg; break;
		case 's':
			if (!strchr(optarg, '='))
				errx(1, "-s %s: expected KEY=VALUE", optarg);
			if (sysctl_count == SYSCTLS)
				errx(1, "-s %s: more than %d of them", optarg, SYSCTLS);
			sysctls[sysctl_count++] = optarg;
			break;
		case UIDS: uids = optarg; break;
		case GIDS: gids = optarg; break;
		case HELP: fputs(usage, stdout); return 0;
		default: fputs(usage, stderr); return 1;
		}
	}
	if (optind < argc || !dir || !name || !any) {
		fputs(usage, stderr);
		return 1;
	}
	int user = kinds[0].wanted && !kinds[0].of_host;
	if (user && (!uids || !gids))
		errx(1, "--user: expected --uid-mapping and --gid-mapping with it");
	for (int i = 0; i < KINDS; i++)
		if (snprintf(kinds[i].path, PATH, "%s/%sns/%s", dir, kinds[i].name, name) >= PATH)
			errx(1, "%s: the name is too long", dir);

	int to_child[2], from_child[2];
	if (pipe2(to_child, O_CLOEXEC) || pipe2(from_child, O_CLOEXEC))
		err(1, "pipe");
	pid_t child = fork();
	if (child < 0)
		err(1, "fork");
	if (child == 0) {
		close(to_child[1]);
		close(from_child[0]);
		live_in_namespaces(to_child[0], from_child[1]);
	}
	close(to_child[0]);
	close(from_child[1]);
	if (user) {
		if (!wait_for_other(from_child[0]))
			return 1;
		map_ids(child, "uid_map", uids);
		map_ids(child, "gid_map", gids);
		signal_other(to_child[1]);
	}
	if (!wait_for_other(from_child[0]))
		return 1;
	for (int i = 0; i < KINDS; i++)
		if (kinds[i].wanted)
			bind_kind(i, child);
	close(to_child[1]);
	waitpid(child, NULL, 0);
	return 0;
}
