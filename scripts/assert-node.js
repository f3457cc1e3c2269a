// Plain JavaScript, loaded before the rest: a Node that is too old cannot read TypeScript far enough to be told so.
if (Number(process.versions.node.split('.')[0]) < 24) {
  console.error(
    'Balcão runs on Node 24. On Linux, Windows and Apple silicon "npm ci" puts it into node_modules; elsewhere install it. Then run "npm start".',
  )
  process.exit(1)
}
