import { authProblems, sharedProblems, videoProblems, videoStories } from '@balcao/contracts'
import { ENTRIES } from '../../../../scripts/build.ts'
import { type Import, layerOf, type Tree, workspaceOf } from './tree.ts'

/** A rule of the house. Gives a sentence for each place that breaks it; none where all is well. */
export type Rule = (tree: Tree) => string[]

/** What starts the others: it alone may import services. */
const HOUSE = 'balcao'
const LAYERS = ['domain', 'application', 'infrastructure', 'interfaces']
const FRAMEWORKS = /^(@nestjs\/|fastify|@fastify\/|pg$|pg-boss|@aws-sdk\/|@redis\/)/

const isEntry = (file: string) => ENTRIES.some((entry) => file === `apps/${HOUSE}/src/${entry}.ts`)

const imports =
  (breaks: (i: Import, tree: Tree) => boolean): Rule =>
  (tree) =>
    tree.imports.filter((each) => breaks(each, tree)).map(({ file, target }) => `${file} imports ${target}`)

const texts =
  (breaks: (text: string, file: string, tree: Tree) => string | undefined): Rule =>
  (tree) =>
    Object.entries(tree.files).flatMap(([file, text]) => {
      const what = breaks(text, file, tree)
      return what === undefined ? [] : [`${file}: ${what}`]
    })

/** Where adapters are chosen; and the keys, which are made before there is a configuration to choose by. */
const CHOOSERS = /^libs\/platform\/src\/(open-platform|adapters|config\/generated-keys)\.ts$/

/** What each layer may not import. */
const forbidden: Readonly<Record<string, readonly string[]>> = {
  domain: ['application', 'infrastructure', 'interfaces'],
  application: ['infrastructure', 'interfaces'],
  infrastructure: ['interfaces'],
  interfaces: ['infrastructure'],
}

export const rules: Readonly<Record<string, Rule>> = {
  'the kernel depends on nothing': imports(
    ({ file, target }, { apps }) =>
      file.startsWith('libs/kernel/') && workspaceOf(target, apps) !== 'libs/kernel' && !target.startsWith('node:'),
  ),

  'layers look inwards only': imports(({ file, target }) =>
    (forbidden[layerOf(file) ?? ''] ?? []).includes(layerOf(target) ?? ''),
  ),

  'a domain knows words and rules only': imports(
    ({ file, target }) =>
      layerOf(file) === 'domain' && layerOf(target) !== 'domain' && !/^(@balcao\/kernel|node:crypto)$/.test(target),
  ),

  'use cases know no framework': imports(
    ({ file, target }) => layerOf(file) === 'application' && FRAMEWORKS.test(target),
  ),

  'a service has the four layers and no other folder': ({ files, apps }) =>
    Object.keys(files)
      .filter((path) => layerOf(path) !== undefined && !LAYERS.includes(layerOf(path)!))
      .filter((path) => apps.has(path.split('/')[1]!) && !path.startsWith(`apps/${HOUSE}/`))
      .map((path) => `${path} lies in no layer`),

  'services meet in contracts only': imports(({ file, target }, { apps }) => {
    const [from, to] = [workspaceOf(file, apps), workspaceOf(target, apps)]
    return (
      from !== `apps/${HOUSE}` && from?.startsWith('apps/') === true && to?.startsWith('apps/') === true && from !== to
    )
  }),

  'libraries do not know what runs': imports(
    ({ file, target }, { apps }) => file.startsWith('libs/') && workspaceOf(target, apps)?.startsWith('apps/') === true,
  ),

  'the platform names nothing that runs': texts((text, file, { apps }) => {
    if (!file.startsWith('libs/platform/')) return undefined
    const named = [...apps].find((app) => app !== HOUSE && text.includes(`'${app}'`))
    return named && `names '${named}'`
  }),

  'packages are entered by their entrances': imports(({ file, target }, { apps, entrances }) => {
    if (target.startsWith('@balcao/')) return !entrances.has(target)
    // A relative path out of one's own package goes around them.
    const to = /^(apps|libs)\//.test(target) ? workspaceOf(target, apps) : undefined
    return to !== undefined && to !== workspaceOf(file, apps)
  }),

  'adapters are chosen in one place': imports(({ file, target }, { files }) => {
    if (target === '@balcao/platform/adapters') return !file.startsWith('libs/testing/')
    if (!target.startsWith('libs/platform/src/') || !isAdapter(files[target], files)) return false
    const [from, to] = [file, target].map((path) => path.slice(0, path.lastIndexOf('/')))
    return from !== to && !CHOOSERS.test(file)
  }),

  'a service without Nest loads none': imports(
    ({ file, target }) => /^apps\/(user-pool|object-store)\//.test(file) && target.startsWith('@nestjs/'),
  ),

  'the environment is read in one place and handed on': texts((text, file) =>
    text.includes('process.env') && !isEntry(file) && !file.startsWith('libs/testing/')
      ? 'reads process.env'
      : undefined,
  ),

  'no HTTP exception is thrown inside': texts(
    (text) =>
      /new (HttpException|\w+(NotFound|BadRequest|Unauthorized|Forbidden|Conflict)\w*Exception)\(/.exec(text)?.[0],
  ),

  'problem codes stand in the contracts': texts((text, file) => {
    if (/^libs\/(contracts|platform\/src\/(sql|secrets))\//.test(file) || /^apps\/balcao\//.test(file)) return undefined
    const codes = [...text.matchAll(/new AppError\(\s*'\w+',\s*'([a-z_]+\/[a-z_]+)'/g)].map(([, code]) => code!)
    return codes.find((code) => !PROBLEMS.has(code) && !code.startsWith('config/'))
  }),

  'a service says no in its refusals': texts((text, file) =>
    /^apps\/[\w-]+-service\/src\/(application|interfaces|domain)\//.test(file) &&
    !file.endsWith('/domain/refusals.ts') &&
    !/^apps\/video-service\/src\/application\/processing\//.test(file)
      ? /new AppError\(/.exec(text)?.[0]
      : undefined,
  ),

  'state moves by its table': texts((text) => {
    // A statement that sets a state says from which ones: `where … state = any($n)`.
    const updates = [...text.matchAll(/update\s+\S+\s+set\s[^`;]*/g)].map(([statement]) => statement)
    return updates.find((statement) => {
      const [changes = '', condition = ''] = statement.split(/\bwhere\b/)
      return /\bstate = /.test(changes) && !/state = any\(|\$\{takeable\}/.test(condition)
    })
  }),

  'columns are named': texts(
    (text) => /\b(?:select|returning)\s+(?:\w+\.)?\*(?!\s+from\s+unnest)[^`'\n]*/.exec(text)?.[0],
  ),

  'no number travels through JSON that SQL makes': texts(
    (text) => /\b(jsonb?_build_(object|array)|row_to_json|to_jsonb?|jsonb?_(object_)?agg)\s*\(/.exec(text)?.[0],
  ),
}

const PROBLEMS = new Set<string>([...sharedProblems, ...authProblems, ...videoProblems, ...videoStories])

/** A class that is what a port means; which ports there are the platform's own table says. */
function isAdapter(text: string | undefined, files: Tree['files']): boolean {
  const [, table = ''] = /export interface Ports \{([^}]+)\}/.exec(files['libs/platform/src/platform.ts'] ?? '') ?? []
  const ports = [...table.matchAll(/: (\w+)/g)].map(([, port]) => port!)
  const implemented =
    /export class \w+ implements ([\w, ]+)/
      .exec(text ?? '')?.[1]
      ?.trim()
      .split(', ') ?? []
  return implemented.some((port) => ports.includes(port))
}
