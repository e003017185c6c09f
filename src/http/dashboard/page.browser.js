// The dashboard: follows the server's events and draws them. All text comes in as text, never as HTML.
;(() => {
  const seconds = 180
  const byId = (id) => document.getElementById(id)
  const columns = { at: [] }
  const names = ['requests', 'failed', 'p50', 'p95', 'p99', 'hit', 'joined', 'miss', 'bypass']
  for (const name of [...names, 'loopDelay', 'inUse']) columns[name] = []
  let charts = []
  let isPaused = false
  let isLive = false
  let tables = null

  function element(tag, { className, text, ...attributes } = {}, ...children) {
    const made = document.createElement(tag)
    if (className) made.className = className
    if (text !== undefined) made.textContent = text
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value)
    made.append(...children)
    return made
  }

  const number = (value, digits = 1) => {
    if (value === null || value === undefined) return '–'
    if (value >= 10_000) return compact(value)
    const most = value >= 100 ? 0 : value >= 10 ? Math.min(1, digits) : digits
    return value.toLocaleString('en', { maximumFractionDigits: most })
  }
  const percent = (share, digits = 1) => (share === null ? '–' : number(share * 100, digits))
  const megabytes = (bytes) => number(bytes / 1_048_576, 0)
  const mostOf = (counts) => Object.entries(counts).sort(([, a], [, b]) => b - a)[0]?.[0] ?? ''
  const compact = (value) =>
    value.toLocaleString('en', { notation: 'compact', maximumFractionDigits: 1 })

  // On a logarithmic scale not every line has a number.
  const tick = (value) => (value === null ? '' : value < 10 ? number(value, 2) : compact(value))

  // --- charts

  const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim()

  const layouts = [
    {
      id: 'chart-requests',
      of: ['requests', 'failed'],
      series: [
        { label: 'all', color: '--c1', isFilled: true },
        { label: 'failed', color: '--bad' },
      ],
    },
    {
      id: 'chart-latency',
      of: ['p50', 'p95', 'p99'],
      isLogarithmic: true,
      series: [
        { label: 'p50', color: '--c1' },
        { label: 'p95', color: '--c2', width: 2.4 },
        { label: 'p99', color: '--c3' },
      ],
    },
    {
      id: 'chart-cache',
      of: ['hit', 'joined', 'miss', 'bypass'],
      isStacked: true,
      series: [
        { label: 'hit', color: '--c1', isFilled: true },
        { label: 'joined', color: '--c2', isFilled: true },
        { label: 'miss', color: '--c4', isFilled: true },
        { label: 'bypass', color: '--c5', isFilled: true },
      ],
    },
    {
      id: 'chart-pool',
      of: ['inUse', 'loopDelay'],
      series: [
        { label: 'connections', color: '--c2' },
        { label: 'loop delay, ms', color: '--c4' },
      ],
    },
  ]

  // Each series stands on those before it; what the legend says is its own part.
  function stacked(rows) {
    const sums = new Array(columns.at.length).fill(0)
    return rows.map((row) => row.map((value, index) => (sums[index] += value ?? 0)))
  }

  function dataOf({ of, isStacked }) {
    const rows = of.map((name) => columns[name])
    return [columns.at, ...(isStacked ? stacked(rows) : rows)]
  }

  function drawChart(layout) {
    const place = byId(layout.id)
    const size = () => ({ width: place.clientWidth, height: 196 })
    const axis = {
      stroke: color('--quiet'),
      grid: { stroke: color('--grid'), width: 1 },
      ticks: { show: false },
      font: '12px system-ui, sans-serif',
    }
    const series = layout.series.map(({ label, color: name, width = 1.8, isFilled }, index) => ({
      label,
      width: layout.isStacked ? 0 : width,
      stroke: color(name),
      fill: isFilled ? `${color(name)}${layout.isStacked ? 'd0' : '2e'}` : undefined,
      points: { show: false },
      spanGaps: false,
      value: (_, __, ___, at) => number(at === null ? null : columns[layout.of[index]][at]),
    }))
    const options = {
      ...size(),
      series: [{ value: '{HH}:{mm}:{ss}', label: 'at' }, ...series],
      axes: [
        { ...axis, values: '{HH}:{mm}:{ss}', space: 74, size: 30 },
        { ...axis, size: 48, space: 30, values: (_, ticks) => ticks.map(tick) },
      ],
      scales: {
        y: layout.isLogarithmic
          ? { distr: 3, range: (_, least, most) => [(least ?? 1) / 1.5, (most ?? 10) * 1.5] }
          : { range: (_, __, most) => [0, Math.max(most ?? 0, 1) * 1.1] },
      },
      cursor: { y: false, drag: { setScale: false }, sync: { key: 'seconds' } },
      legend: { live: true },
      // What is stacked is filled down to what it stands on.
      bands: layout.isStacked ? series.slice(1).map((_, at) => ({ series: [at + 2, at + 1] })) : [],
    }
    place.replaceChildren()
    place.setAttribute('role', 'img')
    const chart = new uPlot(options, dataOf(layout), place)
    return { layout, chart, place, size }
  }

  function drawCharts() {
    for (const { chart } of charts) chart.destroy()
    charts = layouts.map(drawChart)
    describeCharts()
  }

  function refreshCharts() {
    for (const { chart, layout } of charts) {
      chart.setData(dataOf(layout))
      // Under the pointer its own moment is read, else the present.
      if (chart.cursor.left < 0) chart.setLegend({ idx: columns.at.length - 1 })
    }
    describeCharts()
  }

  // What a chart shows now, for those who do not see it.
  function describeCharts() {
    for (const { layout, place } of charts) {
      const now = layout.series.map(
        ({ label }, index) => `${label} ${number(columns[layout.of[index]].at(-1) ?? null)}`,
      )
      place.setAttribute('aria-label', `Now: ${now.join(', ')}`)
    }
  }

  function take(point) {
    if (point.at <= (columns.at.at(-1) ?? 0)) return
    for (const [name, column] of Object.entries(columns)) {
      column.push(point[name])
      if (column.length > seconds) column.shift()
    }
  }

  // --- tiles and tables

  function tile({ title, value, unit = '', note, alert }) {
    const isFiring = tables.alerts.some(({ name, state }) => name === alert && state === 'firing')
    return element(
      'div',
      { className: isFiring ? 'tile firing' : 'tile' },
      element('dt', { text: title }),
      element('dd', { text: value }, element('span', { text: unit })),
      element('dd', { className: 'note', text: note }),
    )
  }

  function showTiles({ performance: speed, cache, database }) {
    const { pool } = database
    const looked = Object.values(cache.lookUps).reduce((sum, one) => sum + one, 0)
    byId('tiles').replaceChildren(
      tile({
        title: 'Requests',
        value: number(speed.requestsPerSecond),
        unit: '/s',
        note: `${compact(speed.requests)} in all`,
      }),
      tile({
        title: 'Latency p95',
        value: number(speed.p95Ms),
        unit: 'ms',
        note: `p99 ${number(speed.p99Ms)}, p50 ${number(speed.p50Ms)}`,
        alert: 'LoadlineSlow',
      }),
      tile({
        title: 'Hit rate',
        value: percent(cache.hitRate),
        unit: '%',
        note:
          cache.lookUps.bypass > looked / 2
            ? `passed by: ${mostOf(cache.bypasses)}`
            : `${compact(looked)} look-ups`,
        alert: 'LoadlineColdCache',
      }),
      tile({
        title: 'Failed',
        value: percent(speed.errorRate, 2),
        unit: '%',
        note: 'by our fault (5xx)',
        alert: 'LoadlineErrors',
      }),
      tile({
        title: 'Statements',
        value: number(database.statementsPerSecond),
        unit: '/s',
        note: `p95 ${number(database.p95Ms)} ms`,
      }),
      tile({
        title: 'Pool',
        value: pool ? `${pool.inUse} / ${pool.max}` : '1',
        unit: pool ? '' : 'connection',
        note: pool ? `${pool.waiting} waiting` : 'embedded',
        alert: 'LoadlinePoolWait',
      }),
      tile({
        title: 'Event loop',
        value: number(speed.eventLoopDelayMs),
        unit: 'ms late',
        note: `${number(speed.cpuSeconds, 0)} s of CPU`,
      }),
      tile({
        title: 'Memory',
        value: megabytes(speed.memoryBytes),
        unit: 'MB',
        note: `${megabytes(speed.heapBytes)} MB heap`,
        alert: 'LoadlineMemory',
      }),
    )
  }

  const print = {
    ms: (value) => `${number(value)} ms`,
    share: (value) => `${percent(value, 2)} %`,
    bytes: (value) => `${megabytes(value)} MB`,
    answers: (value) => `${value}`,
  }
  const signs = { met: '✓', firing: '!', quiet: '–' }
  const states = { met: 'met', firing: 'firing', quiet: 'too little to tell' }

  function showAlerts(alerts) {
    const items = alerts.map(({ name, what, value, target, unit, state }) => {
      const wanted = `${name === 'LoadlineColdCache' ? 'at least' : 'at most'} ${print[unit](target)}`
      const is = value === null || state === 'quiet' ? states[state] : print[unit](value)
      return element(
        'li',
        { className: state },
        element('span', { className: 'sign', text: signs[state], 'aria-label': states[state] }),
        element(
          'div',
          {},
          element('b', { text: `${what}: ${is}` }),
          element('i', { text: `${wanted} · ${name}` }),
        ),
      )
    })
    byId('alerts').replaceChildren(...items)
    showStatus(alerts.filter(({ state }) => state === 'firing').length)
  }

  function showStatus(firing) {
    const pill = byId('status')
    const text = isPaused
      ? 'Paused'
      : !isLive
        ? 'Not connected'
        : firing > 0
          ? `${firing} ${firing === 1 ? 'alert' : 'alerts'} firing`
          : 'All targets met'
    // Said aloud when it changes, not each second.
    if (pill.textContent !== text) pill.textContent = text
    const isGood = isLive && !isPaused && firing === 0
    pill.className = `pill ${isGood ? 'good' : isLive && !isPaused ? 'bad' : ''}`
  }

  function shareBar(share) {
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
    svg.setAttribute('viewBox', '0 0 100 10')
    svg.setAttribute('preserveAspectRatio', 'none')
    const bar = document.createElementNS('http://www.w3.org/2000/svg', 'rect')
    bar.setAttribute('width', String(Math.round(share * 100)))
    bar.setAttribute('height', '10')
    svg.append(bar)
    const label = `${Math.round(share * 100)} %`
    return element(
      'span',
      { className: 'share', role: 'img', 'aria-label': label, title: label },
      svg,
    )
  }

  function emptyRow(count, text) {
    const cell = element('td', { className: 'empty', text, colspan: count })
    return element('tr', {}, cell)
  }

  function showOperations(operations) {
    const all = operations.reduce((sum, { totalMs }) => sum + totalMs, 0) || 1
    const rows = operations.map((one) =>
      element(
        'tr',
        {},
        element('th', { scope: 'row', text: one.name }),
        element('td', { className: 'n', text: compact(one.requests) }),
        element('td', { className: 'n', text: number(one.p50Ms) }),
        element('td', { className: 'n', text: number(one.p95Ms) }),
        element('td', { className: 'n', text: `${percent(one.hits / one.requests, 0)} %` }),
        element('td', { className: 'n', text: number(one.statements) }),
        element('td', { className: one.failed > 0 ? 'n bad' : 'n', text: compact(one.failed) }),
        element('td', { className: 'n' }, shareBar(one.totalMs / all)),
      ),
    )
    byId('operations').replaceChildren(...(rows.length ? rows : [emptyRow(8, 'No requests yet.')]))
  }

  function printPlan(node, depth = 0) {
    const where = [node.index && `using ${node.index}`, node.relation && `on ${node.relation}`]
    const title = [node.type, ...where].filter(Boolean).join(' ')
    const figures = `(cost ${Math.round(node.cost)}, rows ${node.rows})`
    const line = '  '.repeat(depth) + [title, figures, ...node.conditions].join('  ')
    return [line, ...node.children.flatMap((child) => printPlan(child, depth + 1))]
  }

  function figure(text, label) {
    return element('span', { className: 'n', text }, element('small', { text: label }))
  }

  function showStatements(statements) {
    const place = byId('statements')
    const open = new Set(
      [...place.querySelectorAll('details[open]')].map(({ dataset }) => dataset.sql),
    )
    const focused = document.activeElement?.closest?.('details')?.dataset.sql
    const items = statements.map(
      ({ sql, runs, totalMs, longestMs, rows, paths, operations, plan }) => {
        const asked = paths.length > 0 ? paths.join(', ') : 'no field'
        const where = operations.length > 0 ? `${operations.join(', ')}: ${asked}` : asked
        const details = element(
          'details',
          open.has(sql) ? { open: '' } : {},
          element(
            'summary',
            {},
            element('span', { className: 'where', text: where, title: where }),
            figure(number(totalMs / runs, 2), 'ms each'),
            figure(number(longestMs), 'ms at most'),
            figure(compact(runs), 'runs'),
            figure(number(rows / runs), 'rows each'),
          ),
          element('pre', { text: sql }),
        )
        details.dataset.sql = sql
        if (plan) details.append(element('pre', { text: printPlan(plan).join('\n') }))
        return details
      },
    )
    const nothing = element('p', { className: 'empty', text: 'No statements yet.' })
    place.replaceChildren(...(items.length ? items : [nothing]))
    // Whoever is there with the keyboard stays there.
    if (focused)
      items
        .find(({ dataset }) => dataset.sql === focused)
        ?.querySelector('summary')
        .focus()
  }

  function showAnnouncements(announcements) {
    const rows = announcements.slice(0, 8).map(({ atMs, ms, isFailed, count, tags }) =>
      element(
        'tr',
        {},
        element('td', { text: new Date(atMs).toLocaleTimeString('en-GB') }),
        element('td', { className: 'n', text: compact(count) }),
        element(
          'td',
          {},
          ...tags.map((text) => element('span', { className: 'tag', text, title: text })),
        ),
        element('td', {
          className: isFailed ? 'n bad' : 'n',
          text: isFailed ? 'failed' : number(ms),
        }),
      ),
    )
    byId('announcements').replaceChildren(...(rows.length ? rows : [emptyRow(4, 'No writes yet.')]))
  }

  function showUptime({ uptimeSeconds }) {
    const minutes = Math.floor(uptimeSeconds / 60)
    const text =
      minutes >= 120
        ? `${Math.floor(minutes / 60)} h`
        : minutes > 0
          ? `${minutes} min`
          : `${uptimeSeconds} s`
    byId('uptime').textContent = `up ${text}`
  }

  function showTables() {
    if (!tables) return
    showTiles(tables.figures)
    showAlerts(tables.alerts)
    showOperations(tables.operations)
    showStatements(tables.statements)
    showAnnouncements(tables.announcements)
    showUptime(tables.figures)
  }

  // --- what comes, and what is pressed

  const source = new EventSource('/dashboard/feed')
  const onEvent = (name, hear) =>
    source.addEventListener(name, (event) => {
      hear(JSON.parse(event.data))
      if (!isPaused) document.documentElement.dataset.ready = 'true'
    })
  source.addEventListener('open', () => {
    isLive = true
  })
  source.addEventListener('error', () => {
    isLive = false
    showStatus(0)
  })
  onEvent('history', (points) => {
    for (const point of points) take(point)
    if (!isPaused) refreshCharts()
  })
  onEvent('second', (point) => {
    take(point)
    if (!isPaused) refreshCharts()
  })
  onEvent('tables', (found) => {
    if (isPaused) return
    tables = found
    showTables()
  })

  function togglePause() {
    isPaused = !isPaused
    byId('pause').setAttribute('aria-pressed', String(isPaused))
    showStatus(0)
    if (isPaused) return
    refreshCharts()
    showTables()
  }

  const rememberedTheme = 'loadline:theme'
  function setTheme(theme) {
    document.documentElement.dataset.theme = theme
    drawCharts()
  }
  function toggleTheme() {
    const isDark = getComputedStyle(document.documentElement).colorScheme === 'dark'
    const theme = isDark ? 'light' : 'dark'
    localStorage.setItem(rememberedTheme, theme)
    setTheme(theme)
  }

  byId('pause').addEventListener('click', togglePause)
  byId('theme').addEventListener('click', toggleTheme)
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (event.key === 'p') togglePause()
    if (event.key === 't') toggleTheme()
  })
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawCharts)
  new ResizeObserver(() => {
    for (const { chart, place, size } of charts) {
      if (chart.width !== place.clientWidth) chart.setSize(size())
    }
  }).observe(document.querySelector('main'))

  // What scrolls can be reached with the keyboard.
  for (const place of document.querySelectorAll('.scroll')) place.tabIndex = 0

  const theme = localStorage.getItem(rememberedTheme)
  if (theme === 'light' || theme === 'dark') setTheme(theme)
  else drawCharts()
})()
