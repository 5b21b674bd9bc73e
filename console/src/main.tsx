import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import '@fontsource-variable/inter/wght.css'
import '@fontsource-variable/jetbrains-mono/wght.css'
import './style.css'
import { queryClient } from './api.ts'
import { startLanguage } from './language.ts'
import { createConsoleRouter } from './router.tsx'
import { showTheme, storedTheme } from './theme.ts'

showTheme(storedTheme())
await startLanguage()

const place = document.getElementById('console')
if (place === null) throw new Error('The page has no place for the console')
createRoot(place).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={createConsoleRouter()} />
    </QueryClientProvider>
  </StrictMode>,
)
