/** A line at the foot of a terminal that says how far it is; elsewhere a line now and then. */
export interface Progress {
  step(what: string): void
}

export function showProgress(steps: number, out: NodeJS.WriteStream = process.stderr): Progress {
  const start = performance.now()
  let done = 0
  let told = 0
  return {
    step(what) {
      done += 1
      const share = done / steps
      const seconds = Math.round(((performance.now() - start) / 1_000) * (1 / share - 1))
      const percent = Math.round(share * 100)
      if (out.isTTY) out.write(`\r\x1b[K${bar(share)} ${percent} % ${what}, ${seconds} s to go`)
      else if (percent >= told + 10 || done === steps) {
        told = percent
        out.write(`${percent} %: ${what}, ${seconds} s to go\n`)
      }
      if (out.isTTY && done === steps) out.write('\n')
    },
  }
}

function bar(share: number): string {
  const width = 30
  const filled = Math.round(share * width)
  return `[${'#'.repeat(filled)}${' '.repeat(width - filled)}]`
}
