import { describe, expect, it } from 'vitest'
import { rules } from './rules.ts'
import { type Files, layerOf, readFiles, treeOf } from './tree.ts'

const files = readFiles()
const house = treeOf(files)

describe('D2-13, D4-13: the house', () => {
  it('was seen by this test', () => {
    expect(Object.keys(files).length).toBeGreaterThan(60)
    expect(new Set(Object.keys(files).map(layerOf))).toEqual(
      new Set([undefined, 'domain', 'application', 'infrastructure', 'interfaces']),
    )
  })

  it.each(Object.entries(rules))('%s', (_, rule) => {
    expect(rule(house)).toEqual([])
  })
})

/** What a stranger might add: each file breaks one rule. */
const planted: Readonly<Record<string, { file: string; text: string; told: string }>> = {
  'services meet in contracts only': {
    file: 'apps/planted-service/src/application/borrow.ts',
    text: `import { videoService } from '@balcao/video-service'\n`,
    told: 'apps/planted-service/src/application/borrow.ts imports @balcao/video-service',
  },
  'layers look inwards only': {
    file: 'apps/planted-service/src/interfaces/http/planted.controller.ts',
    text: `import { PgThings } from '../../infrastructure/pg-things.ts'\n`,
    told: 'apps/planted-service/src/interfaces/http/planted.controller.ts imports apps/planted-service/src/infrastructure/pg-things.ts',
  },
  'packages are entered by their entrances': {
    file: 'apps/planted-service/src/infrastructure/deep.ts',
    text: `import { presign } from '@balcao/platform/src/aws/sigv4-sign.ts'\n`,
    told: 'apps/planted-service/src/infrastructure/deep.ts imports @balcao/platform/src/aws/sigv4-sign.ts',
  },
  'libraries do not know what runs': {
    file: 'libs/platform/src/planted.ts',
    text: `import { open } from '../../../apps/planted-service/src/open.ts'\n`,
    told: 'libs/platform/src/planted.ts imports apps/planted-service/src/open.ts',
  },
  'the platform names nothing that runs': {
    file: 'libs/platform/src/planted.ts',
    text: `const known = ['planted-service']\n`,
    told: `libs/platform/src/planted.ts: names 'planted-service'`,
  },
  'adapters are chosen in one place': {
    file: 'libs/platform/src/http/planted.ts',
    text: `import { PostgresCache } from '../cache/postgres-cache.ts'\n`,
    told: 'libs/platform/src/http/planted.ts imports libs/platform/src/cache/postgres-cache.ts',
  },
  'a service has the four layers and no other folder': {
    file: 'apps/planted-service/src/helpers/things.ts',
    text: '',
    told: 'apps/planted-service/src/helpers/things.ts lies in no layer',
  },
  'the environment is read in one place and handed on': {
    file: 'apps/planted-service/src/open.ts',
    text: `const port = process.env.PORT\n`,
    told: 'apps/planted-service/src/open.ts: reads process.env',
  },
  'columns are named': {
    file: 'apps/planted-service/src/infrastructure/pg-things.ts',
    text: "const text = 'select t.* from things t'\n",
    told: 'apps/planted-service/src/infrastructure/pg-things.ts: select t.* from things t',
  },
  'no number travels through JSON that SQL makes': {
    file: 'apps/planted-service/src/infrastructure/pg-things.ts',
    text: `const text = "select json_build_object('size', size)"\n`,
    told: 'apps/planted-service/src/infrastructure/pg-things.ts: json_build_object(',
  },
  'problem codes stand in the contracts': {
    file: 'apps/planted-service/src/domain/refusals.ts',
    text: `const no = () => new AppError('conflict', 'planted/unheard_of', 'Não.')\n`,
    told: 'apps/planted-service/src/domain/refusals.ts: planted/unheard_of',
  },
  'a service says no in its refusals': {
    file: 'apps/planted-service/src/application/refuse.ts',
    text: `throw new AppError('conflict', 'video/in_trash', 'Não.')\n`,
    told: 'apps/planted-service/src/application/refuse.ts: new AppError(',
  },
  'state moves by its table': {
    file: 'apps/planted-service/src/infrastructure/pg-things.ts',
    text: "const text = `update things set state = 'done' where id = $1`\n",
    told: "apps/planted-service/src/infrastructure/pg-things.ts: update things set state = 'done' where id = $1",
  },
}

describe('a new service', () => {
  it.each(Object.entries(planted))('is under the rule: %s', (name, { file, text, told }) => {
    const app: Files = { 'apps/planted-service/src/index.ts': '' }
    expect(rules[name]!(treeOf({ ...files, ...app, [file]: text }))).toContain(told)
  })
})
