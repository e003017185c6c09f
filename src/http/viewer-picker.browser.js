// A list to choose who is asking, inside GraphiQL. The viewer's token goes into the Authorization
// header of every request that has none; the server gives it in development only.
;(() => {
  const emails = document.currentScript.dataset.emails.split(' ')
  const remembered = 'loadline:viewer'
  const plainFetch = window.fetch.bind(window)
  let token = Promise.resolve(null)

  window.fetch = async (input, init) => {
    const request = new Request(input, init)
    const viewerToken = await token
    if (viewerToken !== null && !request.headers.has('authorization')) {
      request.headers.set('authorization', `Bearer ${viewerToken}`)
    }
    return plainFetch(request)
  }

  const picker = document.createElement('select')
  picker.title = 'Who is asking'
  picker.style.cssText =
    'position:fixed;right:16px;bottom:16px;z-index:10;padding:6px 10px;border:1px solid #8886;' +
    'border-radius:6px;font:14px system-ui;background:#fff;color:#222'
  for (const email of ['', ...emails]) picker.add(new Option(email || 'anonymous', email))
  picker.value = sessionStorage.getItem(remembered) ?? ''
  picker.addEventListener('change', choose)
  document.body.append(picker)
  choose()

  function choose() {
    sessionStorage.setItem(remembered, picker.value)
    token = picker.value === '' ? Promise.resolve(null) : fetchToken(picker.value)
  }

  async function fetchToken(email) {
    const response = await plainFetch(`/dev/token?email=${encodeURIComponent(email)}`)
    if (response.ok) return (await response.json()).token
    alert(`No token for ${email}: open GraphiQL on the machine that runs it, as localhost`)
    picker.value = ''
    return null
  }
})()
