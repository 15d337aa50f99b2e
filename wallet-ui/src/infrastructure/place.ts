/** Where things stand in the window. */

/** Calls `listener` whenever `element`, or what of it can be seen, may have changed. Returns the function that ends it. */
export function watchPlace(element: Element, listener: () => void): () => void {
  const sizes = new ResizeObserver(listener)
  sizes.observe(element)
  // Scrolling does not bubble; whatever scrolls is heard on the way down.
  window.addEventListener('scroll', listener, { capture: true, passive: true })
  window.addEventListener('resize', listener)
  return () => {
    sizes.disconnect()
    window.removeEventListener('scroll', listener, { capture: true })
    window.removeEventListener('resize', listener)
  }
}
