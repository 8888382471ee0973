using VCluster.StandIn.Helm;
using VCluster.StandIn.Verbs;

// One program, two names: it is what it was called.
return Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "helm"
    ? await HelmProgram.RunAsync(args, TimeProvider.System)
    : await VClusterProgram.RunAsync(args, TimeProvider.System);
