import { create } from 'zustand';

/** Which question about the whole engine is open: the top bar, the banner and the command bar all ask it. */
export const useFreezeStore = create<{ readonly asks: 'freeze' | 'thaw' | null }>()(() => ({ asks: null }));
