export interface Series {
  readonly name: string
  readonly points: readonly (readonly [x: number, y: number])[]
}

const width = 720
const height = 420
const margin = { top: 48, right: 190, bottom: 56, left: 72 }
const colours = ['#1b6ca8', '#c8553d', '#588157', '#7b2d8b', '#b08900', '#444444']

/** A plot of several series over logarithmic axes, as SVG that stands by itself. */
export function plotLogLog(
  title: string,
  axes: { readonly x: string; readonly y: string },
  series: readonly Series[],
): string {
  const points = series.flatMap((one) => one.points)
  const x = logScale(
    points.map(([value]) => value),
    [margin.left, width - margin.right],
  )
  const y = logScale(
    points.map(([, value]) => value),
    [height - margin.bottom, margin.top],
  )
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    `<text x="${margin.left}" y="26" font-size="15" font-weight="bold">${escapeXml(title)}</text>`,
    ...x.ticks.map((tick) => xTick(tick, x.at(tick))),
    ...y.ticks.map((tick) => yTick(tick, y.at(tick))),
    `<text x="${(margin.left + width - margin.right) / 2}" y="${height - 14}" text-anchor="middle">${escapeXml(axes.x)}</text>`,
    `<text x="18" y="${height / 2}" text-anchor="middle" transform="rotate(-90 18 ${height / 2})">${escapeXml(axes.y)}</text>`,
    ...series.map((one, index) => drawSeries(one, index, x.at, y.at)),
    '</svg>',
    '',
  ].join('\n')
}

function logScale(values: readonly number[], [from, to]: readonly [number, number]) {
  const low = Math.floor(Math.log10(Math.min(...values)))
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...values))))
  return {
    ticks: Array.from({ length: high - low + 1 }, (_, index) => 10 ** (low + index)),
    at: (value: number) => from + ((Math.log10(value) - low) / (high - low)) * (to - from),
  }
}

function xTick(value: number, x: number): string {
  const bottom = height - margin.bottom
  return `<line x1="${x}" x2="${x}" y1="${margin.top}" y2="${bottom}" stroke="#e3e3e3"/><text x="${x}" y="${bottom + 18}" text-anchor="middle">${label(value)}</text>`
}

function yTick(value: number, y: number): string {
  return `<line x1="${margin.left}" x2="${width - margin.right}" y1="${y}" y2="${y}" stroke="#e3e3e3"/><text x="${margin.left - 8}" y="${y + 4}" text-anchor="end">${label(value)}</text>`
}

function drawSeries(
  { name, points }: Series,
  index: number,
  x: (value: number) => number,
  y: (value: number) => number,
): string {
  const colour = colours[index % colours.length]
  const path = points.map(([px, py]) => `${x(px).toFixed(1)},${y(py).toFixed(1)}`)
  const dots = points.map(
    ([px, py]) =>
      `<circle cx="${x(px).toFixed(1)}" cy="${y(py).toFixed(1)}" r="3" fill="${colour}"/>`,
  )
  const legend = margin.top + 16 + index * 20
  return [
    `<polyline points="${path.join(' ')}" fill="none" stroke="${colour}" stroke-width="2"/>`,
    ...dots,
    `<rect x="${width - margin.right + 16}" y="${legend - 9}" width="10" height="10" fill="${colour}"/>`,
    `<text x="${width - margin.right + 32}" y="${legend}">${escapeXml(name)}</text>`,
  ].join('')
}

function label(value: number): string {
  return value >= 1 ? value.toLocaleString('en') : String(value)
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
