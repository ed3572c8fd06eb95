/*
 * pause: the first process of a pod. It does nothing, so that the pod's namespaces live while containers come and go in them,
 * and takes in the orphans of those that share its process namespace.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef VERSION
#error VERSION is the tag of its image
#endif

int main(int argc, char **argv)
{
	if (argc > 1 && (!strcmp(argv[1], "-v") || !strcmp(argv[1], "--version"))) {
		puts("pause " VERSION);
		return 0;
	}
	/* Before anything can happen: what is blocked waits for sigwait. As process 1 it would not be ended by a signal else. */
	sigset_t wanted;
	sigemptyset(&wanted);
	sigaddset(&wanted, SIGCHLD);
	sigaddset(&wanted, SIGINT);
	sigaddset(&wanted, SIGTERM);
	sigprocmask(SIG_BLOCK, &wanted, NULL);
	for (;;) {
		int signal;
		while (waitpid(-1, NULL, WNOHANG) > 0)
			;
		if (sigwait(&wanted, &signal) == 0 && signal != SIGCHLD)
			return 0;
	}
}
