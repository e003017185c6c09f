/**
 * Preloaded into the Prisma command line: where that would start `main.ts` as if it were a program,
 * start Node on it. (A `#!` line would do on some systems, but not on Windows.)
 */
const childProcess = require('node:child_process')
const { join } = require('node:path')

const engine = join(__dirname, 'main.ts')
const { spawn } = childProcess

childProcess.spawn = (command, args, options) =>
  command === engine
    ? spawn(process.execPath, ['--import', 'tsx', engine, ...args], options)
    : spawn(command, args, options)
