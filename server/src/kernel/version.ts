/** Of the product, as clients see it. */
export const VERSION = '0.1.0'
