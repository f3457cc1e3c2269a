import {
  ActionIcon,
  Button,
  type CSSVariablesResolver,
  createTheme,
  type MantineColorsTuple,
  Menu,
  Modal,
  rem,
  SegmentedControl,
} from '@mantine/core'

/** The one accent: the green of a counter bell's felt. Shade 7 carries white text at 5.9:1, shade 4 black text at 9:1. */
const mata: MantineColorsTuple = [
  '#ecf8f1',
  '#d3efdf',
  '#a8dfc1',
  '#78cd9f',
  '#4fbb82',
  '#2fa56a',
  '#1b8b55',
  '#0f7446',
  '#0a5e39',
  '#06462a',
]

const dark: MantineColorsTuple = [
  '#e8ebe9',
  '#c6ccc9',
  '#a3aca7',
  '#7d8782',
  '#414a45',
  '#2f3733',
  '#1f2522',
  '#141816',
  '#0e1110',
  '#080a09',
]

/** A target that a finger meets (WCAG 2.5.8 asks 24 px; the house asks 44). */
const touch = rem(44)
const field = rem(50)

const inputHeight = {
  vars: () => ({ wrapper: { '--input-height': field, '--input-fz': rem(16) } }),
} as const

/** Every colour, size and radius of the product. Nothing outside this file names one. */
export const theme = createTheme({
  primaryColor: 'mata',
  primaryShade: { light: 7, dark: 4 },
  colors: { mata, dark },
  autoContrast: true,
  luminanceThreshold: 0.3,
  black: '#141816',
  fontFamily: "'Inter Variable', system-ui, -apple-system, 'Segoe UI', sans-serif",
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
  headings: {
    fontWeight: '650',
    sizes: {
      h1: { fontSize: rem(30), lineHeight: '1.2' },
      h2: { fontSize: rem(22), lineHeight: '1.3' },
      h3: { fontSize: rem(17), lineHeight: '1.4' },
    },
  },
  radius: { xs: rem(4), sm: rem(8), md: rem(12), lg: rem(16), xl: rem(24) },
  defaultRadius: 'md',
  respectReducedMotion: true,
  cursorType: 'pointer',
  components: {
    Button: Button.extend({
      vars: (_theme, props) => ({
        root: {
          ...(props.size?.startsWith('compact')
            ? {}
            : { '--button-height': props.size === 'lg' ? field : touch, '--button-fz': rem(16) }),
          // Mantine picks the text of a filled button once, for light; in dark the accent is bright.
          ...((props.variant ?? 'filled') === 'filled' ? { '--button-color': 'var(--b-on-accent)' } : {}),
        },
      }),
    }),
    ActionIcon: ActionIcon.extend({
      defaultProps: { variant: 'subtle', color: 'gray', radius: 'md' },
      vars: () => ({ root: { '--ai-size': touch } }),
    }),
    TextInput: inputHeight,
    PasswordInput: inputHeight,
    Select: inputHeight,
    // They go by themselves, and rest while the pointer is on them.
    Notification: { defaultProps: { withCloseButton: false, radius: 'md', withBorder: true } },
    Menu: Menu.extend({ defaultProps: { shadow: 'md', radius: 'md', withInitialFocusPlaceholder: false } }),
    Modal: Modal.extend({
      defaultProps: { centered: true, radius: 'lg', padding: 'lg' },
      styles: { title: { fontSize: rem(22), fontWeight: 650 } },
    }),
    SegmentedControl: SegmentedControl.extend({ defaultProps: { radius: 'md' } }),
    // The label and the error read better a little larger.
    InputWrapper: { defaultProps: { size: 'md' } },
  },
})

/** Tokens that Mantine does not know, and its greys that miss 4.5:1. Used in *.module.css as `--b-…`. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {
    '--b-touch': touch,
    '--b-page': rem(1240),
    '--b-narrow': rem(400),
    '--b-text-column': rem(640),
    '--b-header': rem(64),
    '--b-panel': rem(400),
    '--b-panel-list': 'min(50vh, 26rem)',
    '--b-panel-list-small': '30vh',
    '--b-card': rem(250),
    '--b-hair': rem(1),
    '--b-ring': rem(2),
    '--b-bar': rem(4),
    '--b-code-gap': '0.35em',
    '--b-drop': rem(300),
    '--b-qr': rem(208),
    '--b-over-picture': '#ffffff',
    '--b-behind-picture': 'rgb(8 10 9 / 78%)',
    '--b-player': '#000000',
    '--b-player-height': '72vh',
    '--b-qr-dark': '#141816',
    '--b-qr-light': '#ffffff',
    '--b-ease': '160ms ease',
  },
  light: {
    '--mantine-color-body': '#fbfcfb',
    '--mantine-color-dimmed': '#56615b',
    '--mantine-color-placeholder': '#6b756f',
    '--mantine-color-error': '#b3261e',
    '--b-surface': '#ffffff',
    '--b-sunken': '#eef2f0',
    '--b-line': '#dfe5e2',
    '--b-line-strong': '#8a948e',
    '--b-on-accent': '#ffffff',
    '--b-accent-text': '#0f7446',
    '--b-accent-soft': '#ecf8f1',
    '--b-danger-text': '#b3261e',
    '--b-danger-soft': '#fdeeed',
    '--b-warn-text': '#7a4b00',
    '--b-warn-soft': '#fff4de',
    '--b-shadow': '0 8px 30px rgb(20 24 22 / 14%)',
    '--b-lift': '0 2px 10px rgb(20 24 22 / 8%)',
  },
  dark: {
    '--mantine-color-dimmed': '#a3aca7',
    '--mantine-color-placeholder': '#8f9994',
    '--mantine-color-error': '#ff9d96',
    // Mantine mixes these from the darkest shade, which is next to black here.
    '--mantine-color-mata-light': '#1a3a28',
    '--mantine-color-mata-light-hover': '#214a33',
    '--mantine-color-mata-light-color': '#a8dfc1',
    '--b-surface': '#1b201e',
    '--b-sunken': '#232a27',
    '--b-line': '#2f3733',
    '--b-line-strong': '#7d8782',
    '--b-on-accent': '#06140c',
    '--b-accent-text': '#78cd9f',
    '--b-accent-soft': '#15301f',
    '--b-danger-text': '#ff9d96',
    '--b-danger-soft': '#3a1c1a',
    '--b-warn-text': '#ffcf7a',
    '--b-warn-soft': '#362810',
    '--b-shadow': '0 8px 30px rgb(0 0 0 / 55%)',
    '--b-lift': '0 2px 10px rgb(0 0 0 / 40%)',
  },
})
