import { ActionIcon, type ActionIconProps, Button, type ButtonProps } from '@mantine/core'
import { createLink } from '@tanstack/react-router'
import type { AnchorHTMLAttributes, Ref } from 'react'

type Rest<Props> = Props & Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof Props> & { ref?: Ref<HTMLAnchorElement> }

/** Mantine's looks with the router's typed addresses. */
export const ButtonLink = createLink((props: Rest<ButtonProps>) => <Button component="a" {...props} />)
export const ActionLink = createLink((props: Rest<ActionIconProps>) => <ActionIcon component="a" {...props} />)
