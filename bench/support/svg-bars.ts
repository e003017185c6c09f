export interface Bar {
  readonly name: string
  readonly value: number
  readonly low: number
  readonly high: number
}

export interface BarGroup {
  readonly name: string
  readonly bars: readonly Bar[]
}

const left = 190
const width = 820
const barHeight = 16
const colours = [
  '#1b6ca8',
  '#444444',
  '#c8553d',
  '#588157',
  '#7b2d8b',
  '#b08900',
  '#8d99ae',
  '#2a9d8f',
]

/** Groups of bars over one logarithmic axis, with a line at 1 and the range of each, as SVG. */
export function plotBars(title: string, groups: readonly BarGroup[]): string {
  const all = groups.flatMap(({ bars }) => bars.flatMap(({ low, high }) => [low, high]))
  const lowest = 10 ** Math.floor(Math.log10(Math.min(1, ...all)))
  const highest = 10 ** Math.ceil(Math.log10(Math.max(1, ...all)))
  const x = (value: number) =>
    left + (Math.log10(value / lowest) / Math.log10(highest / lowest)) * (width - left - 70)
  const names = [...new Set(groups.flatMap(({ bars }) => bars.map(({ name }) => name)))]
  const parts: string[] = []
  let y = 60
  for (const group of groups) {
    parts.push(`<text x="16" y="${y + 13}" font-weight="bold">${group.name}</text>`)
    for (const { name, value, low, high } of group.bars) {
      const colour = colours[names.indexOf(name) % colours.length]
      const middle = y + barHeight / 2
      const [from, to] = [Math.min(x(1), x(value)), Math.max(x(1), x(value))]
      parts.push(
        `<text x="${left - 8}" y="${y + 13}" text-anchor="end">${name}</text>`,
        `<rect x="${from}" y="${y + 2}" width="${Math.max(1, to - from)}" height="${barHeight - 4}" fill="${colour}"/>`,
        `<line x1="${x(low)}" x2="${x(high)}" y1="${middle}" y2="${middle}" stroke="#000"/>`,
        `<text x="${x(Math.max(high, 1)) + 6}" y="${y + 13}">${value.toFixed(2)}</text>`,
      )
      y += barHeight
    }
    y += 14
  }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${y + 10}" font-family="sans-serif" font-size="12">`,
    `<rect width="${width}" height="${y + 10}" fill="#ffffff"/>`,
    `<text x="16" y="28" font-size="15" font-weight="bold">${title}</text>`,
    ...parts,
    `<line x1="${x(1)}" x2="${x(1)}" y1="44" y2="${y}" stroke="#000" stroke-dasharray="3 3"/>`,
    '</svg>',
    '',
  ].join('\n')
}
