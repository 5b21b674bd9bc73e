/** One figure that is measured, what others reach, and what it has to be. */
export interface Figure {
  readonly name: string
  readonly unit: 'tokens' | '%' | 'writes'
  readonly ours: number
  /** What the other server needs for the same; left out where it cannot do it. */
  readonly theirs?: string
  /** Left out where the figure is for information. */
  readonly bar?: Bar
}

export type Bar = { readonly most: number } | { readonly least: number }

/** True, false, or undefined where there is no bar. */
export function isMet({ ours, bar }: Figure): boolean | undefined {
  if (bar === undefined) return undefined
  return 'most' in bar ? ours <= bar.most : ours >= bar.least
}

/** A figure as a line of the table. */
export function rowOf(figure: Figure): Record<string, string> {
  const met = isMet(figure)
  return {
    ours: quantity(figure.ours, figure.unit),
    theirs: figure.theirs ?? '',
    bar: figure.bar === undefined ? '' : barText(figure.bar, figure.unit),
    'met?': met === undefined ? '' : met ? 'yes' : 'NO',
  }
}

function barText(bar: Bar, unit: Figure['unit']): string {
  return 'most' in bar ? `at most ${quantity(bar.most, unit)}` : `at least ${quantity(bar.least, unit)}`
}

/** A number with thousands apart; percentages with so many digits that what misses a bar does not look as if it met it. */
function quantity(value: number, unit: Figure['unit']): string {
  return unit === '%' ? `${value.toFixed(PERCENT_DIGITS)} %` : value.toLocaleString('en')
}

const PERCENT_DIGITS = 2
