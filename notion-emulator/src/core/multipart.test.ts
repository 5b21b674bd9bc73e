import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseMultipart } from './multipart.ts'

/** A form as the platform writes it. */
async function written(form: FormData): Promise<{ bytes: Uint8Array; type: string }> {
  const response = new Response(form)
  return { bytes: new Uint8Array(await response.arrayBuffer()), type: response.headers.get('content-type') ?? '' }
}

const text = (content: string): Uint8Array => new TextEncoder().encode(content)

describe('parseMultipart', () => {
  it('reads any bytes, names and values that the platform wrote', async () => {
    const names = fc.string({ minLength: 1, maxLength: 20 }).filter((name) => !/[\\%\r\n\0]/.test(name))
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 300 }),
        names,
        fc.string({ maxLength: 20 }),
        async (data, name, note) => {
          const form = new FormData()
          form.append('file', new Blob([data], { type: 'image/png' }), name)
          form.append('note', note)
          const { bytes, type } = await written(form)
          const parts = parseMultipart(bytes, type)
          expect(parts?.map((part) => part.name)).toEqual(['file', 'note'])
          expect(parts?.[0]).toMatchObject({ filename: name, contentType: 'image/png' })
          expect([...(parts?.[0]?.data ?? [])]).toEqual([...data])
          // The platform turns every line end of a text field into CRLF.
          expect(Buffer.from(parts?.[1]?.data ?? []).toString()).toBe(note.replace(/\r\n|\r|\n/g, '\r\n'))
        },
      ),
    )
  })

  it('unescapes quotes in names', async () => {
    const form = new FormData()
    form.append('file', new Blob(['x']), 'a "quoted" name.txt')
    const { bytes, type } = await written(form)
    expect(parseMultipart(bytes, type)?.[0]?.filename).toBe('a "quoted" name.txt')
    const other = '--b\r\nContent-Disposition: form-data; name="file"; filename="a \\"b\\".txt"\r\n\r\nx\r\n--b--'
    expect(parseMultipart(text(other), 'multipart/form-data; boundary="b"')?.[0]?.filename).toBe('a "b".txt')
  })

  it.each([
    ['another content type', '--b--', 'application/json'],
    ['no boundary', '--b--', 'multipart/form-data'],
    ['an empty body', '', 'multipart/form-data; boundary=b'],
    ['another boundary', '--c--', 'multipart/form-data; boundary=b'],
    [
      'a part without an end',
      '--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nx',
      'multipart/form-data; boundary=b',
    ],
    ['a part without a name', '--b\r\nContent-Type: text/plain\r\n\r\nx\r\n--b--', 'multipart/form-data; boundary=b'],
    ['a part without a head', '--b\r\nx\r\n--b--', 'multipart/form-data; boundary=b'],
    ['text after a boundary', '--bx', 'multipart/form-data; boundary=b'],
    [
      'hundreds of parts',
      `${'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nx\r\n'.repeat(101)}--b--`,
      'multipart/form-data; boundary=b',
    ],
  ])('refuses %s', (_name, body, type) => {
    expect(parseMultipart(text(body), type)).toBeNull()
  })

  it('survives whatever is sent', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.string({ maxLength: 30 }), (bytes, boundary) => {
        const parts = parseMultipart(bytes, `multipart/form-data; boundary=${boundary}`)
        expect(parts === null || Array.isArray(parts)).toBe(true)
      }),
    )
  })
})
