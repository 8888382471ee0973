using VCluster.StandIn.Chart;
using VCluster.StandIn.Values;

namespace VCluster.StandIn.Verbs;

/// <summary>Hands the chart to helm: as a file, with a kubeconfig and the values as files beside it.</summary>
internal sealed class ChartDeployment(VClusterCall call, HelmTool helm, TemporaryFiles files)
{
    public async Task RunAsync(string @namespace, GivenValues values)
    {
        var chartName = call.Arguments.Text("chart-name");
        if (Path.Exists(Path.Combine(Environment.CurrentDirectory, chartName)))
        {
            throw new VerbException(
                "aborting vcluster creation. Current working directory contains a file or a directory with the name equal to "
                    + $"the vcluster chart name - \"{chartName}\". Please execute vcluster create command from a directory that "
                    + $"doesn't contain a file or directory named \"{chartName}\""
            );
        }

        var chart = ChartPath(@namespace, values, chartName);
        call.Log.Info($"{(call.Arguments.IsSet("upgrade") ? "Upgrade" : "Create")} vcluster {call.Name}...");
        var arguments = Arguments(@namespace, values, chart);
        call.Log.Debug("execute command: helm " + string.Join(' ', arguments));
        var result = await helm.RunAsync(arguments);
        if (result.ExitCode != 0)
        {
            throw new VerbException($"error executing helm {string.Join(' ', arguments)}: {result.Output}");
        }
    }

    /// <summary>The chart that comes with the CLI, or the address of another version of it.</summary>
    private string ChartPath(string @namespace, GivenValues values, string chartName)
    {
        var version = call.Arguments.Text("chart-version").TrimStart('v');
        if (version != ReleaseInput.ChartVersion)
        {
            return $"{call.Arguments.Text("chart-repo")}/charts/{chartName}-{version}.tgz";
        }

        var all = ValuesTree.Defaults();
        ValuesTree.Merge(all, values.Merged);
        var file = $"{chartName}-{version}.tgz";
        var path = files.NewPath(file + "-");
        ChartArchive.For(new ReleaseInput(call.Name, @namespace, all), ValuesTree.Defaults()).Save(path);
        call.Log.Debug($"Using embedded chart: \"{file}\"");
        return path;
    }

    private List<string> Arguments(string @namespace, GivenValues values, string chart)
    {
        List<string> arguments = ["upgrade", call.Name, chart];
        if (call.Arguments.IsSet("create-namespace"))
        {
            arguments.Add("--create-namespace");
        }

        var kubeConfig = files.Write(call.KubeConfig.Text(call.Context));
        arguments.AddRange([
            "--kubeconfig",
            kubeConfig,
            "--namespace",
            @namespace,
            "--install",
            "--repository-config=''",
        ]);
        arguments.AddRange(["--values", files.Write(values.OwnText)]);
        arguments.AddRange(values.Files.SelectMany(file => (string[])["--values", file]));
        arguments.AddRange(values.Expressions.SelectMany(expression => (string[])["--set", expression]));
        if (call.Log.IsDebug)
        {
            arguments.Add("--debug");
        }

        return arguments;
    }
}
