import { Stack, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import styles from './message.module.css'

/** A page or a place that has only something to say: empty, missing, failed. */
export function Message(props: {
  icon?: ReactNode
  title: string
  lead?: string
  children?: ReactNode
  order?: 1 | 2
}) {
  return (
    <Stack align="center" gap="sm" className={styles.message}>
      {props.icon && <div className={styles.icon}>{props.icon}</div>}
      <Title order={props.order ?? 2} size="h2" ta="center">
        {props.title}
      </Title>
      {props.lead && (
        <Text c="dimmed" ta="center" className={styles.lead}>
          {props.lead}
        </Text>
      )}
      {props.children}
    </Stack>
  )
}
