using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using VCluster.StandIn.Kubernetes;
using VCluster.StandIn.Yaml;

namespace VCluster.StandIn.Verbs;

/// <summary>The kubeconfig of a virtual cluster, under the name of the context that connect gives it.</summary>
internal sealed class TenantKubeConfig(VClusterCall call, string name, KubeConfigFile access)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly JsonObject _cluster = Part(access, "cluster");
    private readonly JsonObject _user = Part(access, "user");

    public string Name => name;

    public string Text => YamlWriter.Write(Config());

    public void SkipVerification()
    {
        _cluster.Remove("certificate-authority-data");
        _cluster["insecure-skip-tls-verify"] = true;
    }

    /// <summary>
    /// Puts in the address to go by: the one that was asked for, else the one that the cluster exports, unless that is its
    /// own <c>localhost</c>, which only a forwarded port would lead to.
    /// </summary>
    /// <returns>Whether there is a way to it without a forwarded port.</returns>
    public bool Reach(string server, int localPort)
    {
        if (server.Length > 0)
        {
            _cluster["server"] = server.StartsWith("https://", StringComparison.Ordinal) ? server : "https://" + server;
            return true;
        }

        if (Uri.TryCreate(_cluster["server"]?.ToString(), UriKind.Absolute, out var own) && own.Host != "localhost")
        {
            return true;
        }

        var port = localPort > 0 ? localPort : Random.Shared.Next(10_000, 13_000);
        _cluster["server"] = "https://localhost:" + port.ToString(CultureInfo.InvariantCulture);
        return false;
    }

    /// <summary>Adds it to the kubeconfig of the call as the current context.</summary>
    public void PutInForce() => KubeContexts.Add(call.KubeConfig, name, _cluster, _user);

    /// <summary>Waits until the cluster's own API server answers.</summary>
    public async Task WaitUntilReadyAsync()
    {
        using var client = new KubeClient(KubeEndpoint.From(KubeConfigFile.From(Config()), name), "vcluster/v0.0.0");
        var started = call.Clock.GetTimestamp();
        while (true)
        {
            try
            {
                await client.GetAsync("api/v1/namespaces/default/serviceaccounts/default");
                return;
            }
            catch (KubeException exception) when (call.Clock.GetElapsedTime(started) < Patience)
            {
                call.Log.Debug("failed to list default service account " + exception.Message);
            }
            catch (KubeException)
            {
                throw new VerbException(
                    "failed connecting to vcluster, verify connection arguments: wait for vcluster to become ready: context deadline exceeded "
                );
            }

            await Task.Delay(Pause, call.Clock, CancellationToken.None);
        }
    }

    /// <summary>Runs a command with it, on this call's own streams.</summary>
    /// <exception cref="CommandFailedException">The command ended with something else than 0.</exception>
    public async Task RunAsync(List<string> command)
    {
        using var files = new TemporaryFiles();
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { UseShellExecute = false };
        start.Environment["KUBECONFIG"] = files.Write(Text);
        using var process = Start(start);
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            call.Log.Error($"Error executing command: exit status {process.ExitCode}");
            throw new CommandFailedException(process.ExitCode);
        }
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            throw new VerbException($"exec: \"{start.FileName}\": executable file not found in $PATH");
        }
    }

    private static JsonObject Part(KubeConfigFile access, string kind) =>
        access.Entries(kind + "s").FirstOrDefault()?[kind]?.DeepClone() as JsonObject
        ?? throw new VerbException("unexpected kube config");

    private JsonObject Config() =>
        new()
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Config",
            ["clusters"] = new JsonArray(new JsonObject { ["cluster"] = _cluster.DeepClone(), ["name"] = name }),
            ["contexts"] = new JsonArray(
                new JsonObject
                {
                    ["context"] = new JsonObject { ["cluster"] = name, ["user"] = name },
                    ["name"] = name,
                }
            ),
            ["current-context"] = name,
            ["users"] = new JsonArray(new JsonObject { ["name"] = name, ["user"] = _user.DeepClone() }),
        };
}
