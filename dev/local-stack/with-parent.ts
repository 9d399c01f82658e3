/** The local stack's processes preload this, so that none of them outlives the one that started it. */
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
process.channel?.unref();
