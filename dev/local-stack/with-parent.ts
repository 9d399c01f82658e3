/** Preload of the local stack's processes: none of them outlives the one that started it. */
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
process.channel?.unref();
