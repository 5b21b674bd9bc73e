/** A ring with one key's bit cut into it. */
export function Mark({ size }: { readonly size: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 16 16" aria-hidden className="shrink-0 text-brass">
      <path
        fill="currentColor"
        fillRule="evenodd"
        d="M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1Zm0 2.2a4.8 4.8 0 0 0-4.8 4.8A4.8 4.8 0 0 0 6.9 12.7V10.6h1.1v-1.2H6.9V7.6h2.2v5.1A4.8 4.8 0 0 0 8 3.2Z"
      />
    </svg>
  )
}
