import type { Counted, Metrics, PlatformOf } from '@balcao/platform'

type House = Pick<PlatformOf<'sql'>, 'sql' | 'log'>

/** Adds what this process counted to what all have (D1-36). What cannot be written is kept for the next time. */
export async function saveCounted({ sql }: House, metrics: Metrics): Promise<void> {
  const counted = metrics.takeCounted()
  if (counted.length === 0) return
  const columns = [
    counted.map(({ name }) => name),
    counted.map(({ labels }) => JSON.stringify(Object.fromEntries(Object.entries(labels).sort()))),
    counted.map(({ help }) => help),
    counted.map(({ value }) => value),
  ]
  try {
    await sql.run(
      // In one order, so that processes which save at the same time wait for each other and never in a circle.
      `insert into counters as counter (name, labels, help, value)
       select * from unnest($1::text[], $2::text[], $3::text[], $4::bigint[]) as counted (name, labels, help, value)
       order by name, labels
       on conflict (name, labels) do update set value = counter.value + excluded.value, help = excluded.help`,
      columns,
    )
  } catch (error) {
    metrics.giveBack(counted)
    throw error
  }
}

/** The metrics of this process, with the business counters of all: every process tells the same sums, so whoever
 *  watches several takes the largest and does not add. While the database is away, what this one has counted. */
export async function metricsText({ sql, log }: House, metrics: Metrics): Promise<string> {
  const everybodys = await saved(sql).catch((error: unknown) => {
    log.warn({ err: error }, 'the counters of all processes could not be read')
    return []
  })
  return metrics.text(everybodys)
}

async function saved(sql: House['sql']): Promise<Counted[]> {
  const rows = await sql.query<{ name: string; labels: string; help: string; value: bigint }>(
    'select name, labels, help, value from counters order by name, labels',
  )
  return rows.map(({ name, labels, help, value }) => ({ name, help, labels: JSON.parse(labels), value: Number(value) }))
}
