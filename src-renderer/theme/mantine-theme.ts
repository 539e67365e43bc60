import type { MantineColorsTuple, VariantColorsResolver } from '@mantine/core';
import {
  createTheme,
  Drawer,
  defaultVariantColorsResolver,
  Menu,
  Modal,
  Popover,
  Select,
  Tooltip,
} from '@mantine/core';

/** Mantine wants ten shades of a colour; ours are variables, whose values mantine-variables.css gives. */
function shades(name: string): MantineColorsTuple {
  const shade = (index: number) => `var(--mantine-color-${name}-${index})`;
  return [shade(0), shade(1), shade(2), shade(3), shade(4), shade(5), shade(6), shade(7), shade(8), shade(9)];
}

/** What is written on a filled ground, so that it can be read in both schemes. */
const onFilled: Readonly<Record<string, string>> = {
  accent: 'var(--on-accent)',
  red: 'var(--on-failed-solid)',
  green: 'var(--surface)',
  yellow: 'var(--surface)',
  gray: 'var(--text)',
};

const variantColorResolver: VariantColorsResolver = (input) => {
  const colors = defaultVariantColorsResolver(input);
  const name = input.color ?? 'accent';
  return input.variant === 'filled' ? { ...colors, color: onFilled[name] ?? colors.color } : colors;
};

/** Overlays neither shift the page nor write a style element to lock its scroll: the body does not scroll. */
const unlocked = { lockScroll: false, transitionProps: { duration: 0 } } as const;
/** Its heading is a `header`, which the page would be read to have two of: the dialog's own role and name say enough. */
const dialog = {
  ...unlocked,
  attributes: { header: { role: 'presentation' } },
  closeButtonProps: { 'aria-label': 'Close' },
} as const;
const still = { transitionProps: { duration: 0 } } as const;
/** The height of controls, 30 px, that a dense page wants. */
const small = { defaultProps: { size: 'xs' } } as const;

/** Mantine's look, set once from the tokens. */
export const mantineTheme = createTheme({
  primaryColor: 'accent',
  colors: { accent: shades('accent') },
  variantColorResolver,
  fontFamily: 'var(--face)',
  fontFamilyMonospace: 'var(--face-mono)',
  defaultRadius: 'sm',
  cursorType: 'pointer',
  focusRing: 'auto',
  respectReducedMotion: true,
  components: {
    Modal: Modal.extend({ defaultProps: { ...dialog, centered: true } }),
    Drawer: Drawer.extend({ defaultProps: dialog }),
    Tooltip: Tooltip.extend({ defaultProps: { ...still, openDelay: 300, withArrow: false, multiline: true } }),
    Menu: Menu.extend({ defaultProps: { ...still, shadow: 'md', position: 'bottom-end' } }),
    Popover: Popover.extend({ defaultProps: { ...still, shadow: 'md' } }),
    Select: Select.extend({ defaultProps: { size: 'xs', comboboxProps: still } }),
    Button: small,
    TextInput: small,
    NumberInput: small,
    Textarea: small,
    MultiSelect: small,
    Autocomplete: small,
    TagsInput: small,
    PasswordInput: small,
    Switch: small,
    Checkbox: small,
    Radio: small,
    SegmentedControl: small,
    ActionIcon: { defaultProps: { size: 28, variant: 'subtle', color: 'gray' } },
  },
});
