// Inside GraphiQL: a list to choose who is asking, and a line that says what the last answer cost.
// The viewer's token goes into the Authorization header of every request that has none; the server
// gives it in development only. Every request asks for its explanation, which whoever may not have it
// does not get.
;(() => {
  const emails = document.currentScript.dataset.emails.split(' ').filter(Boolean)
  const remembered = 'loadline:viewer'
  const plainFetch = window.fetch.bind(window)
  let token = Promise.resolve(null)

  window.fetch = async (input, init) => {
    const request = new Request(input, init)
    const viewerToken = await token
    if (viewerToken !== null && !request.headers.has('authorization')) {
      request.headers.set('authorization', `Bearer ${viewerToken}`)
    }
    request.headers.set('loadline-explain', '1')
    const response = await plainFetch(request)
    explain(response.clone())
    return response
  }

  const bar = document.createElement('div')
  bar.style.cssText =
    'position:fixed;right:16px;bottom:16px;z-index:10;display:flex;gap:8px;align-items:center;' +
    'padding:6px 10px;border:1px solid #8886;border-radius:6px;font:14px system-ui;' +
    'background:#fff;color:#222'
  const cost = document.createElement('output')
  cost.title = 'What the last answer cost; all of it is in its extensions'
  bar.append(cost)
  document.body.append(bar)
  if (emails.length > 0) addPicker()

  function addPicker() {
    const picker = document.createElement('select')
    picker.title = 'Who is asking'
    for (const email of ['', ...emails]) picker.add(new Option(email || 'anonymous', email))
    picker.value = sessionStorage.getItem(remembered) ?? ''
    picker.addEventListener('change', () => choose(picker))
    bar.append(picker)
    choose(picker)
  }

  function choose(picker) {
    sessionStorage.setItem(remembered, picker.value)
    token = picker.value === '' ? Promise.resolve(null) : fetchToken(picker)
  }

  async function fetchToken(picker) {
    const response = await plainFetch(`/dev/token?email=${encodeURIComponent(picker.value)}`)
    if (response.ok) return (await response.json()).token
    alert(`No token for ${picker.value}: open GraphiQL on the machine that runs it, as localhost`)
    picker.value = ''
    return null
  }

  async function explain(response) {
    const { extensions } = await response.json().catch(() => ({}))
    const { statements, rowsRead, sqlMs, cache } = extensions?.loadline ?? {}
    if (!statements) return
    const parts = [
      `${statements.length} ${statements.length === 1 ? 'statement' : 'statements'}`,
      `${rowsRead} rows`,
      `${sqlMs.toFixed(1)} ms`,
      ...(cache ? [`cache: ${cache.outcome}`] : []),
    ]
    cost.textContent = parts.join(' · ')
  }
})()
