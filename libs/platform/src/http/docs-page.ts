import type { Route } from '@balcao/contracts'

const escaped = (text: string) =>
  text.replace(/[&<>"]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign]!)

/** Every operation of the API in a table that needs no script; what goes in and out stands in `/openapi.json`. */
export function docsPage(routes: readonly Route[], version: string): string {
  const rows = [...routes]
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .map(
      ({ method, path, summary, auth }) =>
        `<tr><td><code>${method} ${escaped(path)}</code></td><td>${escaped(summary)}</td><td>${auth === 'bearer' ? 'token' : ''}</td></tr>`,
    )
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Balcão API ${escaped(version)}</title></head>
<body>
<h1>Balcão API ${escaped(version)}</h1>
<p>Bodies and answers: <a href="/openapi.json">openapi.json</a> (OpenAPI 3.1).</p>
<table>
<thead><tr><th scope="col">Operation</th><th scope="col">What it does</th><th scope="col">Needs</th></tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table>
</body>
</html>
`
}
