package io.dispatchframework.solo.install;

import java.net.URI;

/** A Maven repository's address without the name and password that it may have been given with. */
record Repository(URI address, String userInfo) {
    static Repository parse(String url) {
        URI uri = URI.create(url.endsWith("/") ? url : url + "/");
        String userInfo = uri.getUserInfo();
        return new Repository(userInfo == null ? uri : URI.create(url.replace(uri.getRawUserInfo() + "@", "")), userInfo);
    }
}
