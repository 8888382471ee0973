using System.CommandLine;
using VClusterManager.Cli;

// The terminal client. One file for each verb.
var root = new RootCommand("The terminal client of vCluster Manager.");
root.Subcommands.Add(TokenVerb.Create());
return await root.Parse(args).InvokeAsync();
