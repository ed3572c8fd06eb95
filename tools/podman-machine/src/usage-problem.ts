import { Problem } from '@boot2podman/kit'

/** The line that was typed is wrong: exit code 2. */
export class UsageProblem extends Problem {}
