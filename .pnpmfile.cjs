// The registry's Node packages declare `os` and `cpu` as strings; pnpm only heeds arrays,
// and would otherwise install every platform's Node on each machine.
module.exports = {
  hooks: {
    readPackage(pkg) {
      if (/^node-(bin-)?(linux|darwin|win)-/.test(pkg.name)) {
        pkg.os = [pkg.os].flat();
        pkg.cpu = [pkg.cpu].flat();
      }
      return pkg;
    },
  },
};
