using System.Security.Cryptography;
using VClusterManager.Server.Configuration;

namespace VClusterManager.Bench.World;

/// <summary>The server's executable with a configuration file, on an emulated host.</summary>
internal sealed class ManagerServer(
    string executable,
    Sandbox sandbox,
    string folder,
    int port,
    string vcluster,
    bool readOnly
) : WebProcess(port, "/readyz")
{
    public string Key { get; } = "vcm_" + RandomNumberGenerator.GetHexString(40, lowercase: true);

    /// <summary>Each has a database of its own, so each is a manager of its own to the host.</summary>
    private string Instance { get; } = "bench-" + RandomNumberGenerator.GetHexString(8, lowercase: true);

    /// <summary>The file of its dynamic endpoints; there is none until somebody writes it.</summary>
    public string EndpointsFile => Path.Combine(folder, "endpoints.yaml");

    /// <summary>Of the section <c>access</c>, as a YAML flow mapping; counts from the next start on.</summary>
    public string Access { get; set; } = "{}";

    /// <summary>The section <c>webhooks</c>, as a YAML flow mapping; counts from the next start on.</summary>
    public string Webhooks { get; set; } = "{}";

    /// <summary>The address of its database; counts from the next start on.</summary>
    public string Database { get; set; } = "sqlite:data/vcluster-manager.db";

    /// <summary>Serves TLS as well; counts from the next start on.</summary>
    public TlsDoor? Tls { get; set; }

    private string ConfigFile => Path.Combine(folder, "config.yaml");

    /// <summary>A client that shows the key.</summary>
    public HttpClient Client()
    {
        var http = new HttpClient { BaseAddress = Url, Timeout = TimeSpan.FromMinutes(5) };
        http.DefaultRequestHeaders.Add("X-API-Key", Key);
        return http;
    }

    /// <summary>The options as the server itself reads them.</summary>
    public ManagerOptions Options()
    {
        WriteConfig();
        var sources = new ConfigurationSources
        {
            Environment = new Dictionary<string, string>(),
            ProgramFolder = folder,
            WorkingFolder = folder,
        };
        return ConfigurationLoader.Load(sources, ConfigFile) is ConfigurationResult.Valid valid
            ? valid.Options
            : throw new BenchException($"{ConfigFile} is not valid");
    }

    protected override ProgramProcess Launch()
    {
        WriteConfig();
        var environment = new Dictionary<string, string>
        {
            ["CONFIG_PATH"] = ConfigFile,
            ["TMPDIR"] = Directory.CreateDirectory(Path.Combine(folder, "tmp")).FullName,
        };
        return ProgramProcess.Start(executable, [], folder, environment);
    }

    private void WriteConfig() =>
        File.WriteAllText(
            ConfigFile,
            $"""
            server:
              host: 127.0.0.1
              port: {Port}
              instance: {Instance}
              read_only: {(readOnly ? "true" : "false")}
              {Tls?.Yaml}
              # Out of the way, and yet counted: one caller stands for all.
              limits: {"{"} reads_per_second: 1000000, changes_per_second: 1000000, anonymous_per_second: 1000000, deliveries_per_second: 1000000, requests_in_flight: 1000000 {"}"}
            auth:
              api_keys:
                bench: {"{"} key: {Key}, role: admin {"}"}
            kubernetes:
              kubeconfig: '{sandbox.State.Kubeconfig}'
            vcluster:
              executable: '{vcluster}'
              helm: '{sandbox.State.Helm}'
            access: {Access}
            database:
              url: '{Database}'
            webhooks: {Webhooks}
            dynamic_endpoints:
              commands: {"{"} echo: /bin/echo {"}"}

            """
        );
}
