import { Suspense } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { prerender } from 'react-dom/static'
import { expect, it } from 'vitest'
import { late } from './late.tsx'

const Part = ({ name }: { name: string }) => <p>{name}</p>

it('what was fetched before is drawn at once, without its boundary', async () => {
  let loads = 0
  const Late = late(async () => {
    loads++
    return Part
  })
  const drawn = () =>
    renderToStaticMarkup(
      <Suspense fallback={<i />}>
        <Late name="here" />
      </Suspense>,
    )
  expect(drawn()).toContain('<i></i>')
  await Late.fetch()
  expect(drawn()).toBe('<p>here</p>')
  expect(loads).toBe(1)
})

it('what could not be fetched is asked for again', async () => {
  let loads = 0
  const Late = late(async () => {
    if (++loads === 1) throw new Error('no network')
    return Part
  })
  await expect(Late.fetch()).rejects.toThrow('no network')
  const { prelude } = await prerender(<Late name="again" />)
  expect(await new Response(prelude).text()).toBe('<p>again</p>')
})
