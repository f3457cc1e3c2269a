// Chooses light or dark before anything is drawn. A file of its own: the page's policy forbids inline scripts.
;(() => {
  const root = document.documentElement
  let chosen = 'auto'
  try {
    chosen = localStorage.getItem('balcao.aparencia') || 'auto'
    root.lang = localStorage.getItem('balcao.idioma') || 'pt-BR'
  } catch {
    // Storage may be closed to us; the defaults stay.
  }
  const dark = chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  root.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light')
})()
