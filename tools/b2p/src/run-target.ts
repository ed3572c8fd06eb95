import { availableParallelism } from 'node:os'
import { Problem } from '@boot2podman/kit'
import { closure } from '@boot2podman/tcz'
import { formatPlan } from './plan.ts'
import type { Progress } from './progress.ts'

/**
 * Runs a target of a project with all that it depends on, by Nx in this process: so it tells of each task when it begins,
 * writes and ends, instead of a text that would have to be read for it. The modules are not part of Nx's promises;
 * package.json names one exact version and build.test.ts holds what is used here.
 */
export async function runTarget(project: string, target: string, progress: Progress): Promise<void> {
  // Nx reads these while its modules load.
  process.env.NX_DAEMON = 'false'
  process.env.NX_ISOLATE_PLUGINS = 'false'
  // Not its screen, which is drawn elsewhere, but its handing on of what a task writes to whoever draws one: us.
  process.env.NX_TUI = 'true'
  // Without a terminal of its own a task cannot take over this one.
  process.env.NX_NATIVE_COMMAND_RUNNER = 'false'
  const [graphs, taskGraphs, runner, configuration] = await Promise.all([
    import('nx/src/project-graph/project-graph.js'),
    import('nx/src/tasks-runner/create-task-graph.js'),
    import('nx/src/tasks-runner/run-command.js'),
    import('nx/src/config/configuration.js'),
  ])
  const projectGraph = await graphs
    .createProjectGraphAsync({ exitOnError: false })
    .catch((error: unknown) => {
      throw problemIn(error) ?? error
    })
  const taskGraph = taskGraphs.createTaskGraph(projectGraph, {}, [project], [target], undefined, {})
  const tasks = Object.values(taskGraph.tasks)
  // What is needed first comes first, as it will be made.
  const inOrder = closure(Object.keys(taskGraph.tasks), (id) => taskGraph.dependencies[id] ?? []).flatMap(
    (id) => taskGraph.tasks[id] ?? [],
  )
  // When it starts Nx has given each its hash.
  const tell = () => {
    const remote = Boolean(process.env.NX_SELF_HOSTED_REMOTE_CACHE_SERVER)
    const steps = inOrder.map(({ target, hash }) => ({ ...target, hash }))
    progress.expect(inOrder.length, formatPlan(steps, remote))
  }
  const running = runner.invokeTasksRunner({
    tasks,
    projectGraph,
    taskGraph,
    lifeCycle: lifeCycle(progress, tell),
    nxJson: configuration.readNxJson(),
    nxArgs: { parallel: availableParallelism() },
    loadDotEnvFiles: false,
    initiatingProject: null,
    initiatingTasks: tasks.filter(({ id }) => id === `${project}:${target}`),
  })
  const results = await Promise.race([running, crash()]).catch((error: unknown) => {
    throw isDiskFull(error) ? DISK_FULL : error
  })
  for (const { id } of tasks) {
    if (results[id] === undefined || results[id].status === 'skipped') progress.end(id, 'skipped')
  }
}

/** Some of what goes wrong in Nx reaches no promise of ours. */
function crash(): Promise<never> {
  return new Promise((_, reject) => {
    process.once('uncaughtException', reject)
  })
}

const DISK_FULL = new Problem({
  where: '.nx',
  what: 'the disk is full: what was built could not be kept',
  fix: 'make room, then type the same again: it goes on from here',
})

/** As Node tells it, or the database in which Nx keeps its books. */
function isDiskFull(error: unknown): boolean {
  return error instanceof Error && /ENOSPC|No space left|disk is full/i.test(error.message)
}

function lifeCycle(progress: Progress, startCommand: () => void) {
  return {
    startCommand,
    // Nx says this of a task that it starts. (Of one from the cache too it says `startTasks`.)
    registerRunningTaskWithEmptyParser: (id: string) => progress.begin(id),
    appendTaskOutput: (id: string, text: string) => progress.output(id, text),
    endTasks(results: { task: { id: string }; status: string }[]) {
      for (const { task, status } of results) {
        if (status === 'success') progress.end(task.id, 'made')
        else if (status.includes('cache')) progress.end(task.id, 'cache')
        else if (status !== 'skipped') progress.end(task.id, status === 'stopped' ? 'stopped' : 'failed')
      }
    },
    // For a screen that could ask for an end; Ctrl-C is enough here.
    registerForcedShutdownCallback() {},
    setEstimatedTaskTimings() {},
  }
}

/** Nx wraps what a plugin throws: a Problem in there is the user's to solve, as it is. */
function problemIn(error: unknown): Problem | undefined {
  if (error instanceof Problem) return error
  if (!(error instanceof Error)) return undefined
  const inner = [
    error.cause,
    ...('errors' in error && Array.isArray(error.errors) ? error.errors.flat() : []),
  ]
  return inner.map(problemIn).find((found) => found !== undefined)
}
