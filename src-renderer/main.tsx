import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/jetbrains-mono/wght.css';
import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import '@mantine/spotlight/styles.css';
import './theme/tokens.css';
import './theme/mantine-variables.css';
import './theme/base.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { connect } from './api/connect.ts';
import { createLink } from './api/create-link.ts';
import { windowTimer } from './api/timer.ts';
import { App } from './app.tsx';
import { startKeyboard } from './ui/keyboard.ts';

const container = document.getElementById('root');
if (container === null) {
  throw new Error('index.html has no element with the id "root".');
}

const connected = connect(createLink(), windowTimer);
// For as long as the window lives.
connected.start();
startKeyboard();

createRoot(container).render(
  <StrictMode>
    <App connected={connected} />
  </StrictMode>,
);
