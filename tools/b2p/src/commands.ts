import { type Command, verbOf } from './command.ts'
import { bench } from './commands/bench.ts'
import { checkKernel } from './commands/check-kernel.ts'
import { graph } from './commands/graph.ts'
import { iso } from './commands/iso.ts'
import { machine } from './commands/machine.ts'
import { newPackage } from './commands/new.ts'
import { npm } from './commands/npm.ts'
import { oci } from './commands/oci.ts'
import { outdated } from './commands/outdated.ts'
import { pin } from './commands/pin.ts'
import { run } from './commands/run.ts'
import { setup } from './commands/setup.ts'
import { size } from './commands/size.ts'
import { soak } from './commands/soak.ts'
import { tcz } from './commands/tcz.ts'
import { test } from './commands/test.ts'
import { tryPackage } from './commands/try.ts'
import { why } from './commands/why.ts'

/** Every verb but `help`, in the order that a newcomer needs them. */
export const commands: ReadonlyMap<string, Command> = new Map(
  [
    iso,
    run,
    machine,
    test,
    newPackage,
    tcz,
    tryPackage,
    pin,
    outdated,
    npm,
    why,
    graph,
    size,
    oci,
    checkKernel,
    bench,
    soak,
    setup,
  ].map((command) => [verbOf(command), command]),
)
