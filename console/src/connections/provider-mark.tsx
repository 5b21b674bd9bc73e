/** The first letter of a name, so that cards can be told apart at a glance; nothing is loaded from elsewhere. */
export function ProviderMark({ name }: { readonly name: string }) {
  return (
    <span
      aria-hidden
      className="grid size-9 shrink-0 select-none place-items-center rounded-control border border-line bg-brass-wash font-mono text-lg font-semibold text-brass"
    >
      {(/\p{L}|\p{N}/u.exec(name)?.[0] ?? '·').toLocaleUpperCase()}
    </span>
  )
}
