import type { Reporter, TestCase, TestModule } from 'vitest/node'

/**
 * Ends the output of a run with which database it used, what it left out, what failed, and one plain
 * line that programs can read: `N passed, N failed`, and `, N skipped` when there are any. A file that
 * cannot be loaded and an error outside of any test count as failed.
 */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()])
    const passed = tests.filter((test) => test.result().state === 'passed').length
    const brokenFiles = modules.filter(
      (module) => module.state() === 'failed' && module.errors().length > 0,
    )
    const failed = tests.filter(hasFailed).length + brokenFiles.length + unhandledErrors.length
    const leftOut = tests.filter((test) => test.result().state === 'skipped')
    const lines = [
      `Database: ${process.env.LOADLINE_TEST_RAN_ON ?? 'none'}`,
      ...countBy(leftOut, placeOf).map(([place, tests]) => `LEFT OUT: ${tests} of ${place}`),
      ...tests.filter(hasFailed).map((test) => `FAILED: ${nameOf(test)}: ${reasonOf(test)}`),
      ...brokenFiles.map((module) => `FAILED: ${module.relativeModuleId}`),
      `${passed} passed, ${failed} failed${leftOut.length ? `, ${leftOut.length} skipped` : ''}`,
    ]
    process.stdout.write(`\n${lines.join('\n')}\n`)
  }
}

function hasFailed(test: TestCase): boolean {
  return test.result().state === 'failed'
}

function nameOf({ module, fullName }: TestCase): string {
  return `${module.relativeModuleId} > ${fullName}`
}

/** The first line of its first error: the rest stands further up. */
function reasonOf(test: TestCase): string {
  const [error] = test.result().errors ?? []
  return error?.message.split('\n', 1)[0] ?? 'for no reason given'
}

/** The test's file and the group that it stands in, which are left out as a whole. */
function placeOf({ module, parent }: TestCase): string {
  return parent.type === 'suite'
    ? `${module.relativeModuleId} > ${parent.fullName}`
    : module.relativeModuleId
}

function countBy<T>(items: readonly T[], keyOf: (item: T) => string): [string, number][] {
  const counts = new Map<string, number>()
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1)
  return [...counts]
}
