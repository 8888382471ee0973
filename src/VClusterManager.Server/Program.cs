using VClusterManager.Server;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Configuration.Reference;
using VClusterManager.Server.DynamicEndpoints.Serving;
using VClusterManager.Server.Http.OpenApi;
using VClusterManager.Server.Identity;
using VClusterManager.Server.Processes;
using VClusterManager.Server.Storage;

// Not in the usage: the server calls it, and wants it small.
if (args is [Guardian.Verb, var guarded])
    return await Guardian.RunAsync(guarded, TimeProvider.System);

var sources = ConfigurationSources.OfThisProcess();
switch (args)
{
    case [CheckConfig.Verb, .. var rest]:
        return CheckConfig.Run(
            rest,
            sources,
            Console.Out,
            Console.Error,
            options => EndpointsWatch.Check(options.DynamicEndpoints)
        );
    case [ConfigReference.Verb, .. var rest]:
        return ConfigReference.Run(rest, Console.Out, Console.Error);
    case [HashPassword.Verb, .. var rest]:
        return HashPassword.Run(rest, Console.IsInputRedirected ? Console.In : null, Console.Out, Console.Error);
    case [ApiDocumentFile.Verb, .. var rest]:
        return await ApiDocumentFile.RunAsync(
            rest,
            () => ServerBuilder.Build(ConfigurationLoader.Defaults()),
            Console.Out,
            Console.Error
        );
    case []:
        break;
    default:
        await Console.Error.WriteLineAsync(
            $"usage: vcluster-manager             starts the server; CONFIG_PATH names its configuration{Environment.NewLine}"
                + $"       vcluster-manager {CheckConfig.Verb} [FILE]{Environment.NewLine}"
                + $"       vcluster-manager {HashPassword.Verb}"
        );
        return 2;
}

if (ConfigurationLoader.Load(sources) is not ConfigurationResult.Valid { Options: var options })
{
    return CheckConfig.Run([], sources, Console.Out, Console.Error);
}

// Before anything is touched: a start that cannot be leaves nothing behind.
if (EndpointsWatch.Check(options.DynamicEndpoints) is { Count: > 0 } wrong)
{
    CheckConfig.Report(wrong, Console.Error);
    return 1;
}

await using var app = ServerBuilder.Build(options);
try
{
    await app.RunAsync();
    return Environment.ExitCode;
}
catch (EndpointsRefusedException e)
{
    CheckConfig.Report(e.Errors, Console.Error);
    return 1;
}
catch (DatabaseRefusedException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}
catch (IOException e) when (e.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
{
    await Console.Error.WriteLineAsync($"{e.Message} Set server.port (SERVER_PORT) to a free one.");
    return 1;
}
