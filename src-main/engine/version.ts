import packageFile from '../../package.json' with { type: 'json' };

/** The version of this Signalbox, as in its package. */
export const version: string = packageFile.version;
