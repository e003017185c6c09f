import { readFile } from 'node:fs/promises'
import { request as ask, createServer } from 'node:http'

/**
 * The page on one origin with the endpoint, as a reverse proxy would serve them:
 * `node serve.js [PORT]`, beside `index.html` and `page.js`, with LOADLINE_URL naming the endpoint.
 */
const endpoint = new URL(process.env.LOADLINE_URL ?? 'http://127.0.0.1:4000/graphql')
const folder = new URL('./', import.meta.url)
const files: Readonly<Record<string, readonly [file: string, type: string]>> = {
  '/': ['index.html', 'text/html; charset=utf-8'],
  '/page.js': ['page.js', 'text/javascript; charset=utf-8'],
}

const server = createServer(async (request, response) => {
  const { pathname } = new URL(request.url ?? '/', endpoint)
  const [file, type] = files[pathname] ?? []
  if (file && type) {
    response.writeHead(200, { 'content-type': type }).end(await readFile(new URL(file, folder)))
    return
  }
  const { method, headers } = request
  const onward = ask(new URL(request.url ?? '/', endpoint), { method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers)
    answer.pipe(response)
  })
  onward.on('error', () => response.writeHead(502).end())
  request.pipe(onward)
})

server.listen(Number(process.argv[2] ?? 8080), '127.0.0.1', () => {
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : address
  process.stdout.write(`http://localhost:${port}/\n`)
})
