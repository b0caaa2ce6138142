import { chapter } from './chapter.ts';
import { engineChooser } from './engine-chooser.ts';
import { findEngines } from './engines.ts';
import './style.css';
import { training } from './training.ts';
import { Workbench } from './workbench.ts';

const workbench = new Workbench();
document
  .querySelector('#app')!
  .replaceChildren(engineChooser(await findEngines(), workbench), chapter(workbench), training(workbench));
