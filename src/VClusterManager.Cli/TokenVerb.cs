using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json;
using VClusterManager.Client;

namespace VClusterManager.Cli;

/// <summary>
/// <c>vcm token</c>: prints a token for a cluster as kubectl asks for it (an <c>ExecCredential</c>). One that still lasts is
/// used again: kubectl asks every time it is run.
/// </summary>
internal static class TokenVerb
{
    public static Command Create()
    {
        var name = new Argument<string>("name") { Description = "The cluster's name." };
        var server = new Option<Uri>("--server")
        {
            Description = "The address of vCluster Manager.",
            Required = true,
            CustomParser = ReadServer,
        };
        var ns = new Option<string?>("--namespace", "-n")
        {
            Description = "The cluster's namespace; may be left out where the name is unique.",
        };
        var ttl = new Option<string?>("--ttl")
        {
            Description = "How long a new token lasts, such as 1h; the server's usual time when it is not given.",
        };
        var command = new Command("token", "Print a token for a cluster, for kubectl.") { name, server, ns, ttl };
        command.SetAction(
            (parsed, cancellation) =>
                RunAsync(
                    parsed.GetValue(name)!,
                    parsed.GetValue(server)!,
                    parsed.GetValue(ns),
                    parsed.GetValue(ttl),
                    cancellation
                )
        );
        return command;
    }

    private static Uri? ReadServer(ArgumentResult given)
    {
        if (
            Uri.TryCreate(given.Tokens[0].Value, UriKind.Absolute, out var server)
            && (server.Scheme == Uri.UriSchemeHttps || server.Scheme == Uri.UriSchemeHttp)
        )
        {
            return server;
        }

        given.AddError($"--server takes an address such as https://vclusters.example.com, not {given.Tokens[0].Value}");
        return null;
    }

    private static async Task<int> RunAsync(
        string name,
        Uri server,
        string? ns,
        string? ttl,
        CancellationToken cancellation
    )
    {
        try
        {
            using var access = ServerAccess.Open(server);
            var kept = new TokenFile(access.NameFor($"{ns}/{name}"));
            var credential = kept.Read(TimeProvider.System.GetUtcNow());
            if (credential is null)
            {
                var made = await access.Client.MakeTokenAsync(name, ns, ttl, cancellation);
                credential = new ExecCredential(new ExecCredentialStatus(made.Token!, made.ExpiresAt));
                kept.Write(credential);
            }

            Console.WriteLine(JsonSerializer.Serialize(credential, CliJson.Default.ExecCredential));
            return 0;
        }
        catch (Exception e)
            when (e is CliException or ProblemException or HttpRequestException or TaskCanceledException)
        {
            await Console.Error.WriteLineAsync($"vcm: {e.Message}");
            return 1;
        }
    }
}
